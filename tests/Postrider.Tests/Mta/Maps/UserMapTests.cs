using Postrider.Mta.Routing;
using Postrider.Mta.Users;
using Postrider.Sendmail.Maps;

namespace Postrider.Tests.Mta.Maps;

/// <summary>Values as sendmail 8.17 gave them for the same accounts.</summary>
public sealed class UserMapTests
{
    private static readonly OneUser Bob = new(new LocalUser("bob", "Bob Bob Co", 2002, 2003, "/home/bob", "/bin/sh") { Password = "x" });

    [Theory]
    [InlineData("", "bob", "bob")]
    [InlineData("", "BOB", "bob")]
    [InlineData("-f", "BOB", "bob")]
    [InlineData("", "nobodyelse", "?")]
    [InlineData("-v name", "bob", "bob")]
    [InlineData("-vpasswd", "bob", "x")]
    [InlineData("-v uid", "bob", "2002")]
    [InlineData("-v gid", "bob", "2003")]
    [InlineData("-v gecos", "bob", "Bob Bob Co")]
    [InlineData("-v dir", "bob", "/home/bob")]
    [InlineData("-v shell", "bob", "/bin/sh")]
    [InlineData("-m -v uid", "bob", "bob")]
    [InlineData("-a.FOUND", "bob", "bob.FOUND")]
    [InlineData("-v 3", "bob", "!User map u: unknown column name 3")]
    public async Task Fields_of_an_account_are_values(string flags, string key, string expected) =>
        Assert.Equal(expected, await NetworkMap.AskAsync(NetworkMap.Open("u user " + flags, NetworkMap.Services() with { Users = Bob }), key));

    [Fact]
    public async Task A_name_service_that_fails_is_a_temporary_failure() =>
        Assert.StartsWith("!", await NetworkMap.AskAsync(NetworkMap.Open("u user", NetworkMap.Services() with { Users = new OneUser(null) }), "bob"), StringComparison.Ordinal);

    [Theory]
    [InlineData("-v uid", "root", "0")]
    [InlineData("-v dir", "root", "/root")]
    [InlineData("-v passwd", "root", "x")]
    [InlineData("", "no-such-user-here", "?")]
    [InlineData("", "../../etc/passwd", "?")]
    [InlineData("", "root\0x", "?")]
    public async Task The_accounts_of_this_machine_are_asked(string flags, string key, string expected)
    {
        IMap map = NetworkMap.Open("u user " + flags, NetworkMap.Services());
        Assert.Equal(expected, await NetworkMap.AskAsync(map, key));
    }

    [Theory]
    [InlineData("maildrop", "bob", "bob@host.a")]
    [InlineData("maildrop", "nobody", "?")]
    [InlineData("mailname", "bob", "bob.builder@public")]
    [InlineData("-a.X maildrop", "bob", "bob@host.a.X")]
    [InlineData("-m maildrop", "bob", "bob")]
    [InlineData("maildrop", "down", "!down")]
    public async Task The_user_database_is_asked_for_a_field_of_a_user(string line, string key, string expected)
    {
        MapSpec spec = MapSpec.OfType("userdb", line);
        FieldTable first = new(new() { ["bob:maildrop"] = "bob@host.a" });
        FieldTable second = new(new() { ["bob:maildrop"] = "later", ["bob:mailname"] = "bob.builder@public" });
        Assert.Equal(expected, await NetworkMap.AskAsync(new Postrider.Mta.Maps.UserDatabaseMap(spec.Argument, [first, second], spec.Flags), key));
    }

    [Fact]
    public async Task Without_a_user_database_nobody_is_in_it() =>
        Assert.Equal("?", await NetworkMap.AskAsync(NetworkMap.Open("u userdb maildrop", NetworkMap.Services()), "bob"));

    [Fact]
    public async Task A_user_database_that_is_missing_is_a_temporary_failure() =>
        Assert.StartsWith("!", await NetworkMap.AskAsync(NetworkMap.Open("u userdb maildrop", NetworkMap.Services(null, ("UserDatabaseSpec", "/nonexistent/udb"))), "bob"), StringComparison.Ordinal);

    [Theory]
    [InlineData("u userdb", "No file name for userdb map u")]
    [InlineData("u userdb maildrop", "map u: UserDatabaseSpec: hesiod not available: only files are")]
    public void What_is_wrong_with_the_line_is_said(string line, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => NetworkMap.Open(line, NetworkMap.Services(null, ("UserDatabaseSpec", "hesiod")))).Message);

    private sealed class FieldTable(Dictionary<string, string> fields) : IMap
    {
        public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
            new(key.StartsWith("down", StringComparison.Ordinal) ? MapResult.TempFail("down") : fields.TryGetValue(key, out string? value) ? MapResult.Found(value) : MapResult.NotFound);
    }

    private sealed class OneUser(LocalUser? user) : ILocalUserDirectory
    {
        public ValueTask<LocalUser?> FindAsync(string name, CancellationToken cancellationToken) =>
            user is null ? throw new MapUnavailableException("passwd", "down") : new(name == user.Name ? user : null);

        public async ValueTask<bool> ExistsAsync(string user, CancellationToken cancellationToken) => await FindAsync(user, cancellationToken) is not null;

        public ValueTask<LocalUser?> FindAsync(uint uid, CancellationToken cancellationToken) => new(user?.Uid == uid ? user : null);
    }
}
