using System.Globalization;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>A local mailer that is a program, run by the daemon as a process: who runs it, with which words, and who is root meanwhile.</summary>
public sealed class LocalMailerTests
{
    private const string Flags = "lsDFMAw5:/|@qPrmn9";
    private const string Message = "From: a@example.net\nSubject: hello\n\nbody\n";

    [Fact]
    public async Task Network_mail_is_delivered_as_DefaultUser_by_one_start_for_several_users()
    {
        await using ClassicSite site = await ClassicSite.CreateAsync(Flags);
        await using Daemon daemon = await site.StartAsync();
        (await site.SendmailAsync(Message, "-f", "a@example.net", "bin@example.com", "games@example.com")).MustSucceed();
        string delivered = await site.DeliveredAsync("games", daemon);
        Assert.StartsWith($"-r a@example.net -d bin games uid={(Environment.IsPrivilegedProcess ? "1 groups=1" : "")}", delivered, StringComparison.Ordinal);
        Assert.Contains("\nReturn-Path: <a@example.net>\nReceived: ", delivered, StringComparison.Ordinal);
        Assert.EndsWith("\nSubject: hello\n\nbody\n", delivered, StringComparison.Ordinal);
        Assert.True(await Patiently.UntilAsync(() => daemon.Log.Contains("mailer=local", StringComparison.Ordinal) && daemon.Log.Contains("stat=Sent", StringComparison.Ordinal)), daemon.Log);
    }

    [Fact]
    public async Task With_flag_o_it_runs_as_the_recipient()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can run programs as others");
        await using ClassicSite site = await ClassicSite.CreateAsync(Flags + "o");
        await using Daemon daemon = await site.StartAsync();
        (await site.SendmailAsync(Message, "-f", "a@example.net", "bin@example.com", "games@example.com", "root@example.com")).MustSucceed();
        foreach (string user in (string[])["bin", "games"])
        {
            string uid = (await Command.RunAsync("id", "-u", user)).MustSucceed().Output.Trim();
            Assert.StartsWith($"-r a@example.net -d {user} uid={uid} ", await site.DeliveredAsync(user, daemon), StringComparison.Ordinal);
        }

        Assert.StartsWith("-r a@example.net -d root uid=1 ", await site.DeliveredAsync("root", daemon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_says_75_leaves_the_message_in_the_queue()
    {
        await using ClassicSite site = await ClassicSite.CreateAsync(Flags);
        await using Daemon daemon = await site.StartAsync();
        (await site.SendmailAsync(Message, "-f", "a@example.net", "sys@example.com")).MustSucceed();
        string why = $"stat=Deferred: local mailer ({site.In("deliver")}) exited with EX_TEMPFAIL";
        Assert.True(await Patiently.UntilAsync(() => daemon.Log.Contains(why, StringComparison.Ordinal)), daemon.Log);
        Assert.Contains("sys@example.com", (await site.SendmailAsync("", "-bp")).MustSucceed().Output, StringComparison.Ordinal);
    }

    /// <summary>The monitor: root, without listeners, and gone with the daemon. Without it nothing is lost.</summary>
    [Fact]
    public async Task The_only_root_process_holds_no_network_socket_and_ends_with_the_daemon()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root has a monitor");
        await using ClassicSite site = await ClassicSite.CreateAsync(Flags);
        int monitor;
        await using (Daemon daemon = await site.StartAsync())
        {
            monitor = await MonitorOfAsync(daemon);
            Assert.StartsWith("Uid:\t0\t", File.ReadLines($"/proc/{monitor}/status").First(static line => line.StartsWith("Uid:", StringComparison.Ordinal)), StringComparison.Ordinal);
            HashSet<string> network = [.. File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6")).Skip(1).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(static words => words.Length > 9).Select(static words => $"socket:[{words[9]}]")];
            string[] open = [.. Directory.GetFileSystemEntries($"/proc/{monitor}/fd").Select(static fd => new FileInfo(fd).LinkTarget ?? "")];
            Assert.Single(open, static target => target.StartsWith("socket:", StringComparison.Ordinal)); // its channel, and no door of the runtime's for debuggers
            Assert.DoesNotContain(open, network.Contains);
        }

        Assert.True(await Patiently.UntilAsync(() => !Directory.Exists($"/proc/{monitor}")), "the monitor outlived the daemon");
    }

    [Fact]
    public async Task When_the_monitor_dies_mail_waits()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root has a monitor");
        await using ClassicSite site = await ClassicSite.CreateAsync(Flags);
        await using Daemon daemon = await site.StartAsync();
        (await Command.RunAsync("kill", "-KILL", (await MonitorOfAsync(daemon)).ToString(CultureInfo.InvariantCulture))).MustSucceed();
        (await site.SendmailAsync(Message, "-f", "a@example.net", "bin@example.com")).MustSucceed();
        Assert.True(await Patiently.UntilAsync(() => daemon.Log.Contains("the monitor has gone", StringComparison.Ordinal)), daemon.Log);
        Assert.Contains("bin@example.com", (await site.SendmailAsync("", "-bp")).MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_reaches_the_monitor_and_the_agents()
    {
        await using ClassicSite site = await ClassicSite.CreateAsync(Flags);
        await using Daemon daemon = await site.StartAsync();
        await site.ConfigureAsync("lsw5n");
        daemon.Signal("HUP");
        Assert.True(await Patiently.UntilAsync(() => daemon.Log.Contains("reloaded due to signal", StringComparison.Ordinal)), daemon.Log);
        (await site.SendmailAsync(Message, "-f", "a@example.net", "bin@example.com", "games@example.com")).MustSucceed();
        Assert.StartsWith("-d bin uid=", await site.DeliveredAsync("bin", daemon), StringComparison.Ordinal);
        Assert.StartsWith("-d games uid=", await site.DeliveredAsync("games", daemon), StringComparison.Ordinal);
    }

    /// <summary>sendmail: with RunAsUser the daemon is that user in everything, and runs programs as nobody else.</summary>
    [Fact]
    public async Task A_site_that_names_RunAsUser_has_no_monitor_and_runs_programs_as_that_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become somebody");
        await using ClassicSite site = await ClassicSite.CreateAsync(Flags + "o", "O RunAsUser=postrider");
        await using Daemon daemon = await site.StartAsync();
        (await site.SendmailAsync(Message, "-f", "a@example.net", "bin@example.com")).MustSucceed();
        string uid = (await Command.RunAsync("id", "-u", "postrider")).MustSucceed().Output.Trim();
        Assert.StartsWith($"-r a@example.net -d bin uid={uid} ", await site.DeliveredAsync("bin", daemon), StringComparison.Ordinal);
    }

    private static async Task<int> MonitorOfAsync(Daemon daemon) =>
        int.Parse((await Command.RunAsync("pgrep", "-P", daemon.Id.ToString(CultureInfo.InvariantCulture))).MustSucceed().Output.Trim(), CultureInfo.InvariantCulture);
}
