using Postrider.Mta.Users;
using Postrider.Smtp.Tls;

namespace Postrider.Tests.Mta.Users;

public sealed class UserStoreEditorTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("postrider-passwd-").FullName;
    private readonly UserStoreEditor editor;

    public UserStoreEditorTests() => editor = new UserStoreEditor(File);

    private string File => Path.Combine(directory, "users");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Added_user_is_listed_and_verified_and_no_password_is_in_the_file()
    {
        Assert.False(editor.SetPassword("Alice", "wonderland"));
        Assert.False(editor.SetPassword("bob", "builder"));
        Assert.True(editor.SetPassword("ALICE", "wonderland2"));
        Assert.Equal(["alice", "bob"], editor.List());
        Assert.True(editor.Verify("alice", "wonderland2"));
        Assert.False(editor.Verify("alice", "wonderland"));
        Assert.False(editor.Verify("alice", ""));
        Assert.False(editor.Verify("carol", "wonderland2"));
        Assert.DoesNotContain("wonderland", System.IO.File.ReadAllText(File), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void New_file_is_for_its_owner_alone()
    {
        editor.SetPassword("alice", "wonderland");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Empty(Directory.GetFiles(directory, ".users*"));
    }

    [Fact]
    public void Comments_and_other_lines_stay_and_a_damaged_or_doubled_entry_is_mended()
    {
        editor.SetPassword("bob", "builder");
        string before = System.IO.File.ReadAllText(File);
        System.IO.File.WriteAllText(File, "# people\n" + before + "alice:rubbish\n\n# more\nalice:more rubbish\ncarol:rubbish\n");
        editor.SetPassword("alice", "wonderland");
        string[] after = System.IO.File.ReadAllLines(File);
        Assert.Equal("# people", after[0]);
        Assert.Contains("# more", after, StringComparer.Ordinal);
        Assert.Contains("carol:rubbish", after, StringComparer.Ordinal);
        Assert.Single(after, l => l.StartsWith("alice:", StringComparison.Ordinal));
        Assert.True(editor.Verify("alice", "wonderland"));
        Assert.True(editor.Verify("bob", "builder"));
    }

    [Fact]
    public void Removed_user_is_gone_and_an_unknown_one_is_told()
    {
        editor.SetPassword("alice", "wonderland");
        Assert.False(editor.Remove("bob"));
        Assert.True(editor.Remove("alice"));
        Assert.Empty(editor.List());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("#alice")]
    [InlineData("!decoy x")]
    [InlineData("al\nice")]
    [InlineData(" alice")]
    public void Name_that_would_break_the_file_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => editor.SetPassword(name, "wonderland"));
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u00ad")]
    [InlineData("a\u0007")]
    public void Password_that_is_empty_or_prohibited_is_refused(string password) =>
        Assert.Throws<ArgumentException>(() => editor.SetPassword("alice", password));

    [Fact]
    public void Unsafe_file_is_not_edited()
    {
        editor.SetPassword("alice", "wonderland");
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Contains("chmod 600", Assert.Throws<IOException>(() => editor.SetPassword("bob", "builder")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Link_to_the_store_stays_a_link()
    {
        editor.SetPassword("alice", "wonderland");
        string link = Path.Combine(directory, "link");
        System.IO.File.CreateSymbolicLink(link, File);
        new UserStoreEditor(link).SetPassword("bob", "builder");
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(["alice", "bob"], editor.List());
    }

    [Fact]
    public void Two_editors_at_once_do_not_lose_a_user()
    {
        editor.SetPassword("alice", "wonderland");
        using (System.IO.File.Open(File + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Throws<IOException>(() => new UserStoreEditor(File).SetPassword("bob", "builder"));
        Assert.Equal(["alice"], editor.List());
    }

    [Fact]
    public void Owner_is_kept()
    {
        Assert.SkipUnless(FileStatus.EffectiveUser == 0, "only root can give files away");
        new UserStoreEditor(File, (12345u, 12346u)).SetPassword("alice", "wonderland");
        Assert.Equal(12345u, FileStatus.Of(File)!.Value.Owner);
        editor.SetPassword("bob", "builder");
        Assert.Equal((12345u, 12346u), (FileStatus.Of(File)!.Value.Owner, FileStatus.Of(File)!.Value.Group));
    }
}
