using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Tests.Mta.Hosting;

public sealed class RunAsUserTests
{
    [Fact]
    public void Without_root_the_daemon_stays_who_it_is()
    {
        if (SystemUser.IsRoot) return;
        Assert.Equal(SystemUser.Current, RunAsUser.Of(Site("nobody")).User);
    }

    [Theory]
    [InlineData("root")]
    [InlineData("0")]
    [InlineData("nobody:root")]
    [InlineData("no-such-user-here")]
    [InlineData("nobody:no-such-group-here")]
    public void Started_as_root_it_refuses_to_run_as_root_or_nobody_known(string name)
    {
        if (!SystemUser.IsRoot) return;
        Assert.Throws<DaemonStartException>(() => RunAsUser.Of(Site(name)));
    }

    [Fact]
    public void Directory_that_shuts_the_user_out_is_named()
    {
        string root = Directory.CreateTempSubdirectory("postrider-way-").FullName;
        try
        {
            string closed = Path.Combine(root, "closed");
            Directory.CreateDirectory(Path.Combine(closed, "queue"));
            File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            RunAsUser stranger = new(new SystemUser("stranger", 4_000_000, 4_000_000, "", "/"), 4_000_000);
            Assert.Equal(closed, stranger.BlockedBy(Path.Combine(closed, "queue")));
            File.SetUnixFileMode(closed, (UnixFileMode)0b111_001_001);
            Assert.Null(stranger.BlockedBy(Path.Combine(closed, "queue")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static SiteConfiguration Site(string runAs) => new() { HostName = "mx.example.com", Listeners = [], LocalDomains = [], RunAsUser = runAs };
}
