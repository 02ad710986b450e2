using System.Collections.Immutable;
using Postrider.Mta.Configuration;
using Postrider.Sendmail;

namespace Postrider.Tests.Mta.Configuration;

public sealed class FileSafetyTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("postrider-safety-").FullName;
    private readonly SiteConfiguration site;

    public FileSafetyTests()
    {
        foreach (string name in new[] { "key", "users", "mailboxes", "cert", "site.mc" }) Make(name, "600");
        Directory.CreateDirectory(In("queue"), Mode("700"));
        Directory.CreateDirectory(In("mail"), Mode("700"));
        site = new SiteConfiguration
        {
            HostName = "mx.example.com",
            Listeners = [],
            LocalDomains = ImmutableHashSet<string>.Empty,
            Tls = new TlsConfiguration { ServerKeyFile = In("key"), ServerCertFile = In("cert") },
            Auth = new AuthConfiguration { UserStore = In("users") },
            VirtualMailboxes = new VirtualMailboxConfiguration("text:" + In("mailboxes"), In("mail")),
            Queue = new QueueConfiguration { Directory = In("queue") },
        };
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Safe_site_has_nothing_to_say_about() => Assert.Equal([], Check(), StringComparer.Ordinal);

    [Theory]
    [InlineData("key", "640", "mode 0640: others than its owner get at it (chmod 600 {0})")]
    [InlineData("users", "604", "mode 0604: others than its owner get at it (chmod 600 {0})")]
    [InlineData("cert", "664", "mode 0664: others than its owner may write it (chmod go-w {0})")]
    [InlineData("mailboxes", "666", "mode 0666: the world may write it (chmod o-w {0})")]
    [InlineData("site.mc", "666", "the world may write it (chmod go-w {0})")]
    [InlineData("queue", "777", "mode 0777: a directory that the world may write (chmod o-w {0})")]
    [InlineData("mail", "1777", "mode 1777: a directory that the world may write (chmod o-w {0})")]
    public void Thing_that_others_can_get_at_is_named_with_its_remedy(string name, string mode, string message)
    {
        File.SetUnixFileMode(In(name), Mode(mode));
        Assert.Equal([$"{In(name)}: {string.Format(System.Globalization.CultureInfo.InvariantCulture, message, In(name))}"], Check(), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("cert", "644")]
    [InlineData("mailboxes", "664")]
    [InlineData("queue", "770")]
    public void Thing_that_sendmail_takes_is_taken(string name, string mode)
    {
        File.SetUnixFileMode(In(name), Mode(mode));
        Assert.Equal([], Check(), StringComparer.Ordinal);
    }

    [Fact]
    public void Group_writable_configuration_is_a_warning_as_in_sendmail()
    {
        File.SetUnixFileMode(In("site.mc"), Mode("664"));
        Diagnostic found = Assert.Single(FileSafety.Check(site, In("site.mc"), null));
        Assert.Equal(Severity.Warning, found.Severity);
    }

    [Fact]
    public void World_writable_directory_above_is_named_once()
    {
        Directory.CreateDirectory(In("open"));
        File.SetUnixFileMode(In("open"), Mode("777"));
        Make("open/key", "600");
        Make("open/users", "600");
        SiteConfiguration moved = site with { Tls = new TlsConfiguration { ServerKeyFile = In("open/key") }, Auth = new AuthConfiguration { UserStore = In("open/users") } };
        Assert.Equal([$"{In("open")}: mode 0777: a directory that the world may write (chmod o-w {In("open")})"], Check(moved), StringComparer.Ordinal);
    }

    [Fact]
    public void Directory_behind_a_link_is_judged_too()
    {
        Directory.CreateDirectory(In("open"));
        File.SetUnixFileMode(In("open"), Mode("777"));
        Make("open/real", "600");
        File.CreateSymbolicLink(In("link"), In("open/real"));
        Assert.Single(Check(site with { Auth = new AuthConfiguration { UserStore = In("link") } }));
    }

    [Fact]
    public void Queue_directory_is_never_a_link()
    {
        File.CreateSymbolicLink(In("link"), In("queue"));
        string found = Assert.Single(Check(site with { Queue = new QueueConfiguration { Directory = In("link") } }));
        Assert.Equal($"{In("link")}: a symbolic link to {In("queue")}, which can be turned elsewhere (write {In("queue")} instead)", found);
    }

    [Fact]
    public void What_is_no_file_is_named()
    {
        Assert.Equal([$"{In("queue")}: not a regular file"], Check(site with { Auth = new AuthConfiguration { UserStore = In("queue") } }), StringComparer.Ordinal);
    }

    [Fact]
    public void What_does_not_exist_yet_is_not_judged() =>
        Assert.Equal([], Check(site with { Queue = new QueueConfiguration { Directory = In("later/queue") }, Auth = new AuthConfiguration { UserStore = In("later/users") } }), StringComparer.Ordinal);

    [Fact]
    public void Foreign_owner_is_named()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a file away");
        using var chown = System.Diagnostics.Process.Start("chown", ["12345", In("users")]);
        chown.WaitForExit();
        Assert.Equal([$"{In("users")}: owned by uid 12345, who is neither root nor the daemon's user (chown root {In("users")})"], Check(), StringComparer.Ordinal);
        Assert.Empty(FileSafety.Check(site, In("site.mc"), runAs: 12345));
    }

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private string In(string name) => Path.Combine(directory, name);

    private void Make(string name, string mode)
    {
        File.WriteAllText(In(name), "");
        File.SetUnixFileMode(In(name), Mode(mode));
    }

    private IEnumerable<string> Check(SiteConfiguration? other = null) => FileSafety.Check(other ?? site, In("site.mc"), null).Select(static found => found.ToString());
}
