using System.Runtime.CompilerServices;
using Postrider.Mta.Users;
using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Mta.Users;

/// <summary>A sasldb that saslpasswd2 made: alice (wonderland), bob, jörg of mx.oracle.test; carol of other.realm.</summary>
public sealed class SaslDatabaseTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("postrider-sasldb");
    private readonly List<string> reported = [];
    private readonly string path;

    public SaslDatabaseTests()
    {
        path = Path.Combine(directory.FullName, "sasldb2");
        File.Copy(Path.Combine(Folder(), "sasldb2"), path);
    }

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData("alice", null, "wonderland")]
    [InlineData("alice@mx.oracle.test", null, "wonderland")]
    [InlineData("alice", "mx.oracle.test", "wonderland")]
    [InlineData("jörg", null, "pässwört")]
    [InlineData("carol@other.realm", null, "p2")]
    [InlineData("carol", "other.realm", "p2")]
    [InlineData("carol", null, null)]
    [InlineData("ALICE", null, null)]
    [InlineData("alice@MX.oracle.test", null, null)]
    [InlineData("alice@mx.oracle.test", "mx.oracle.test", null)]
    [InlineData("nosuch", null, null)]
    [InlineData("", null, null)]
    [InlineData("@", null, null)]
    public async Task Users_are_found_by_name_and_realm(string user, string? realm, string? password) => Assert.Equal(password, await Open().FindAsync(user, realm, CancellationToken.None));

    [Fact]
    public async Task A_missing_file_is_a_temporary_failure_and_told_once()
    {
        File.Delete(path);
        SaslDatabase database = Open();
        await Assert.ThrowsAsync<CredentialsUnavailableException>(async () => await database.FindAsync("alice", null, CancellationToken.None));
        await Assert.ThrowsAsync<CredentialsUnavailableException>(async () => await database.FindAsync("alice", null, CancellationToken.None));
        Assert.Single(reported);
        Assert.StartsWith(path, reported[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_a_temporary_failure_until_it_is_mended()
    {
        byte[] whole = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, whole[..3000]);
        SaslDatabase database = Open();
        CredentialsUnavailableException e = await Assert.ThrowsAsync<CredentialsUnavailableException>(async () => await database.FindAsync("alice", null, CancellationToken.None));
        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(path, whole);
        Assert.Equal("wonderland", await database.FindAsync("alice", null, CancellationToken.None));
        Assert.Null(database.Check());
    }

    [Fact]
    public async Task What_was_read_once_counts_while_the_file_cannot_be_read()
    {
        SaslDatabase database = Open();
        Assert.Equal("wonderland", await database.FindAsync("alice", null, CancellationToken.None));
        File.Delete(path);
        Assert.Equal("wonderland", await database.FindAsync("alice", null, CancellationToken.None));
        Assert.Equal("wonderland", await Open().FindAsync("alice", null, CancellationToken.None)); // a reload, by a process that is not root any more
        Assert.Contains("what was read before still counts", reported[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_counts_at_once()
    {
        SaslDatabase database = Open();
        Assert.Null(await database.FindAsync("alice", "mx.example.com", CancellationToken.None));
        byte[] other = await File.ReadAllBytesAsync(path);
        byte[] name = "alice\0mx.oracle.test"u8.ToArray();
        other.AsSpan(other.AsSpan().IndexOf(name), name.Length).Reverse();
        await File.WriteAllBytesAsync(path, other);
        Assert.Null(await database.FindAsync("alice", null, CancellationToken.None));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private SaslDatabase Open() => new(path, "mx.oracle.test", reported.Add);
}
