using Postrider.Mta.Users;
using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Mta.Users;

public sealed class UserStoreTests : IDisposable
{
    // The entry of RFC 7677 §3: user "user", password "pencil".
    private const string Pencil = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    private readonly string directory = Directory.CreateTempSubdirectory("postrider-users-").FullName;

    private string File => Path.Combine(directory, "users");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Keys_as_PostgreSQL_writes_them_open_the_account()
    {
        Write($"# people\n\nuser:{Pencil}\n");
        UserStore store = new(File);
        Assert.Empty(store.Check());
        Assert.Equal("user", await VerifyAsync(store, "user", "pencil"));
        Assert.Equal("user", await VerifyAsync(store, "USER", "pencil"));
        Assert.Null(await VerifyAsync(store, "user", "pen"));
        Assert.Null(await VerifyAsync(store, "nobody", "pencil"));
    }

    [Fact]
    public async Task User_may_add_the_realm_and_an_entry_with_the_full_name_goes_first()
    {
        new UserStoreEditor(File).SetPassword("alice", "wonderland");
        new UserStoreEditor(File).SetPassword("bob", "one");
        new UserStoreEditor(File).SetPassword("bob@mx.example.com", "two");
        UserStore store = new(File, "MX.example.com");
        Assert.Equal("alice", await VerifyAsync(store, "alice@mx.EXAMPLE.com", "wonderland"));
        Assert.Null(await VerifyAsync(store, "alice@elsewhere.example", "wonderland"));
        Assert.Equal("bob@mx.example.com", await VerifyAsync(store, "bob@mx.example.com", "two"));
        Assert.Equal("bob", await VerifyAsync(store, "bob", "one"));
    }

    [Fact]
    public async Task Change_of_the_file_is_seen_at_the_next_log_in()
    {
        UserStoreEditor editor = new(File);
        editor.SetPassword("alice", "first");
        UserStore store = new(File);
        Assert.Equal("alice", await VerifyAsync(store, "alice", "first"));
        editor.SetPassword("alice", "second");
        Assert.Null(await VerifyAsync(store, "alice", "first"));
        Assert.Equal("alice", await VerifyAsync(store, "alice", "second"));
        editor.Remove("alice");
        Assert.Null(await VerifyAsync(store, "alice", "second"));
    }

    [Fact]
    public async Task Missing_file_is_a_temporary_failure_until_it_is_there()
    {
        UserStore store = new(File);
        CredentialsUnavailableException e = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => VerifyAsync(store, "user", "pencil"));
        Assert.Contains(File, e.Message, StringComparison.Ordinal);
        Write($"user:{Pencil}\n");
        Assert.Equal("user", await VerifyAsync(store, "user", "pencil"));
        System.IO.File.Delete(File);
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => VerifyAsync(store, "user", "pencil"));
    }

    [Fact]
    public async Task File_that_others_may_read_is_a_temporary_failure_until_mended()
    {
        Write($"user:{Pencil}\n");
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        UserStore store = new(File);
        CredentialsUnavailableException e = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => VerifyAsync(store, "user", "pencil"));
        Assert.EndsWith("mend with: chmod 600 " + File, e.Message, StringComparison.Ordinal);
        Assert.Equal(e.Message, Assert.Single(store.Check()));
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("user", await VerifyAsync(store, "user", "pencil"));
    }

    [Fact]
    public async Task World_writable_directory_is_a_temporary_failure_until_mended()
    {
        Write($"user:{Pencil}\n");
        System.IO.File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
        UserStore store = new(File);
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => VerifyAsync(store, "user", "pencil"));
        System.IO.File.SetUnixFileMode(directory, (UnixFileMode)0b111_000_000);
        Assert.Equal("user", await VerifyAsync(store, "user", "pencil"));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice:")]
    [InlineData("alice:wonderland")]
    [InlineData("alice:$6$salt$hash")]
    [InlineData("alice:SCRAM-SHA-256$4095:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")]
    [InlineData("alice:SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:")]
    [InlineData("alice:SCRAM-SHA-256$4096:$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")]
    [InlineData("alice:" + Pencil + "\nalice:" + Pencil)]
    public async Task Damaged_line_is_told_with_its_number_and_concerns_its_user_alone(string line)
    {
        Write($"# people\nuser:{Pencil}\n{line}\n");
        UserStore store = new(File);
        Assert.StartsWith($"{File}({(line.Contains('\n', StringComparison.Ordinal) ? 4 : 3)}): user alice: ", Assert.Single(store.Check()), StringComparison.Ordinal);
        Assert.Equal("user", await VerifyAsync(store, "user", "pencil"));
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => VerifyAsync(store, "alice", "pencil"));
    }

    [Fact]
    public async Task File_that_is_no_text_is_a_temporary_failure()
    {
        System.IO.File.WriteAllBytes(File, [0xff, 0xfe, 0x00]);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead);
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => VerifyAsync(new UserStore(File), "user", "pencil"));
    }

    [Fact]
    public async Task Unknown_user_looks_like_the_others_and_the_same_after_a_restart()
    {
        new UserStoreEditor(File).SetPassword("alice", "wonderland");
        ScramCredential alice = await new UserStore(File, "mx").FindAsync("alice", TestContext.Current.CancellationToken);
        ScramCredential nobody = await new UserStore(File, "mx").FindAsync("nobody", TestContext.Current.CancellationToken);
        ScramCredential again = await new UserStore(File, "mx").FindAsync("NOBODY@MX", TestContext.Current.CancellationToken);
        Assert.True(nobody.IsDecoy);
        Assert.False(alice.IsDecoy);
        Assert.Equal(alice.Keys.Iterations, nobody.Keys.Iterations);
        Assert.Equal(alice.Keys.Salt.Length, nobody.Keys.Salt.Length);
        Assert.Equal(nobody.Keys.Salt.ToArray(), again.Keys.Salt.ToArray());
    }

    private static async Task<string?> VerifyAsync(UserStore store, string user, string password) =>
        await new ScramPasswordVerifier(store).VerifyAsync(user, password, TestContext.Current.CancellationToken);

    private void Write(string text)
    {
        System.IO.File.WriteAllText(File, text);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
