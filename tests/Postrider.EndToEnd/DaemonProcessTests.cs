using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>The daemon as a process: who it is, what signals do, what local programs and it do with each other.</summary>
public sealed class DaemonProcessTests
{
    [Fact]
    public async Task Started_as_root_it_serves_as_postrider_without_a_way_back()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give root up");
        await using TestSite site = await TestSite.CreateAsync();
        await using Daemon daemon = await site.StartAsync();
        string user = (await Command.RunAsync("id", "-u", "postrider")).MustSucceed().Output.Trim();
        Dictionary<string, string> status = File.ReadLines($"/proc/{daemon.Id}/status").Select(static line => line.Split(':', 2)).ToDictionary(static pair => pair[0], static pair => pair[1].Trim(), StringComparer.Ordinal);
        Assert.Equal([user, user, user, user], status["Uid"].Split('\t'));
        Assert.DoesNotContain("0", status["Gid"].Split('\t'), StringComparer.Ordinal);
        Assert.DoesNotContain("0", status["Groups"].Split(' '), StringComparer.Ordinal);
        Assert.Equal(0UL, ulong.Parse(status["CapPrm"], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal("1", status["NoNewPrivs"]);

        // Every thread, not only the first.
        foreach (string task in Directory.GetDirectories($"/proc/{daemon.Id}/task"))
        {
            string uid = File.ReadLines(Path.Combine(task, "status")).First(static line => line.StartsWith("Uid:", StringComparison.Ordinal));
            Assert.Equal($"Uid:\t{user}\t{user}\t{user}\t{user}", uid);
        }
    }

    [Fact]
    public async Task Started_as_root_to_run_as_root_it_refuses()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give root up");
        await using TestSite site = await TestSite.CreateAsync(extra: "define(`confRUN_AS_USER', `root')dnl");
        Command refused = await site.SendmailAsync("", "-bD");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("root", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_says_421_to_open_sessions_and_ends_with_0()
    {
        await using TestSite site = await TestSite.CreateAsync();
        await using Daemon daemon = await site.StartAsync();
        using TcpClient client = new("127.0.0.1", site.Port);
        using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
        Assert.StartsWith("220 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        daemon.Signal("TERM");
        Assert.StartsWith("421 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.True(await daemon.EndsAsync(), daemon.Log);
        Assert.Equal(0, daemon.ExitCode);
        Assert.False(File.Exists(site.In("queue/postrider.pid")), "the pid file was left behind");
    }

    [Fact]
    public async Task Sighup_with_an_invalid_configuration_changes_nothing_and_says_why()
    {
        await using TestSite site = await TestSite.CreateAsync();
        await using Daemon daemon = await site.StartAsync();
        string valid = await File.ReadAllTextAsync(site.ConfigurationFile);
        await File.WriteAllTextAsync(site.ConfigurationFile, valid + "FEATURE(`no_such_feature')dnl\n");
        daemon.Signal("HUP");
        Assert.True(await Patiently.UntilAsync(() => daemon.Log.Contains("the running configuration goes on", StringComparison.Ordinal)), daemon.Log);
        Assert.Contains("no_such_feature", daemon.Log, StringComparison.Ordinal);
        await File.WriteAllTextAsync(site.ConfigurationFile, valid); // the command reads it too
        (await site.SendmailAsync("Subject: still here\n\nx\n", "alice@example.com")).MustSucceed();
        await site.DeliveredAsync("alice");
    }

    [Fact]
    public async Task Sighup_opens_new_listeners_and_closes_old_ones()
    {
        await using TestSite site = await TestSite.CreateAsync();
        await using Daemon daemon = await site.StartAsync();
        int other = TestSite.FreePort();
        string before = await File.ReadAllTextAsync(site.ConfigurationFile);
        string listener = string.Create(CultureInfo.InvariantCulture, $"Name=MTA, Addr=127.0.0.1, Port={site.Port}");
        Assert.Contains(listener, before, StringComparison.Ordinal);
        await File.WriteAllTextAsync(site.ConfigurationFile, before.Replace(listener, string.Create(CultureInfo.InvariantCulture, $"Name=MTA, Addr=127.0.0.1, Port={other}"), StringComparison.Ordinal));
        daemon.Signal("HUP");
        Assert.True(await Patiently.UntilAsync(() => Answers(other) && !Answers(site.Port)), daemon.Log);
    }

    [Fact]
    public async Task Message_submitted_while_the_daemon_is_down_goes_out_when_it_runs()
    {
        await using TestSite site = await TestSite.CreateAsync();
        await using (await site.StartAsync())
        {
            // Makes the directories.
        }

        Command submitted = await site.SendmailAsync("To: alice@example.com\nSubject: later\n\nx\n", "-t");
        Assert.Equal(0, submitted.ExitCode);
        Assert.Contains("goes out when the daemon runs", submitted.Error, StringComparison.Ordinal);
        await using Daemon daemon = await site.StartAsync();
        string[] delivered = await site.DeliveredAsync("alice");
        Assert.Contains("Subject: later", await File.ReadAllTextAsync(delivered[0]), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(site.In("queue/drop")));
    }

    [Fact]
    public async Task Second_daemon_is_refused_and_the_first_goes_on()
    {
        await using TestSite site = await TestSite.CreateAsync();
        await using Daemon daemon = await site.StartAsync();
        Command second = await site.SendmailAsync("", "-bD");
        Assert.Equal(71, second.ExitCode);
        Assert.Contains("cannot bind", second.Error, StringComparison.Ordinal);
        (await site.SendmailAsync("Subject: x\n\nx\n", "alice@example.com")).MustSucceed();
        await site.DeliveredAsync("alice");
    }

    [Fact]
    public async Task Queue_is_listed_with_and_without_the_daemon()
    {
        await using TestSite site = await TestSite.CreateAsync();
        string mailq;
        await using (Daemon daemon = await site.StartAsync())
        {
            (await site.SendmailAsync("Subject: x\n\nx\n", "someone@[127.0.0.254]")).MustSucceed();
            Assert.True(await Patiently.UntilAsync(() => site.SendmailAsync("", "-bp").GetAwaiter().GetResult().Output.Contains("(Deferred: ", StringComparison.Ordinal)), daemon.Log);
            mailq = (await site.SendmailAsync("", "-bp")).MustSucceed().Output;
        }

        Assert.Contains("someone@[127.0.0.254]", mailq, StringComparison.Ordinal);
        Assert.Equal(mailq, (await site.SendmailAsync("", "-bp")).MustSucceed().Output);
    }

    private static bool Answers(int port)
    {
        try
        {
            using TcpClient client = new("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
