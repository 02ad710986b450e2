using System.Globalization;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>Mail that goes on: into smtp-sink, and through a real Postfix that hands it to a second Postrider.</summary>
public sealed class RelayTests
{
    [Fact]
    public async Task Thousand_messages_are_relayed_into_smtp_sink()
    {
        int sinkPort = TestSite.FreePort();
        await using Daemon sink = await PostfixPeer.StartSinkAsync(sinkPort);
        await using TestSite site = await TestSite.CreateAsync(SmartHost(sinkPort));
        await using Daemon daemon = await site.StartAsync();
        Command run = await Command.RunAsync(PostfixPeer.Program("smtp-source"),
            ["-s", "20", "-m", "1000", "-l", "4096", "-f", "s@example.net", "-t", "x@elsewhere.example", "127.0.0.1:" + Number(site.Port)],
            "", TimeSpan.FromMinutes(2), PostfixPeer.Environment);
        Assert.True(run.ExitCode == 0, run.ToString());
        bool all = await Patiently.UntilAsync(() => daemon.Log.Split("stat=Sent").Length - 1 >= 1000);
        Assert.True(all, daemon.Log[^Math.Min(daemon.Log.Length, 4000)..]);
        Command queue = await site.SendmailAsync("", "-bp");
        Assert.Contains("Total requests: 0", queue.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_goes_through_a_real_Postfix_and_arrives_unchanged()
    {
        await using TestSite last = await TestSite.CreateAsync();
        await using Daemon lastDaemon = await last.StartAsync();
        string spool = Directory.CreateDirectory($"/var/tmp/postrider-postfix-{Guid.NewGuid():N}").FullName;
        int postfixPort = TestSite.FreePort();
        Daemon postfix = await PostfixPeer.StartAsync(spool, postfixPort, last.Port);
        try
        {
            await using TestSite first = await TestSite.CreateAsync(SmartHost(postfixPort), "define(`confDOMAIN_NAME', `first.example.net')dnl");
            await File.WriteAllTextAsync(first.ConfigurationFile, (await File.ReadAllTextAsync(first.ConfigurationFile)).Replace("LOCAL_DOMAIN(`example.com')dnl", "", StringComparison.Ordinal));
            await using Daemon firstDaemon = await first.StartAsync();
            Command run = await Command.RunAsync("swaks", "--server", "127.0.0.1", "--port", Number(first.Port), "--to", "bob@example.com", "--from", "s@example.net",
                "--header", "Subject: through postfix", "--body", ".dot\nline two");
            Assert.True(run.ExitCode == 0, run.ToString());
            bool there = await Patiently.UntilAsync(() => last.Mailbox("bob").Length == 1);
            Assert.True(there, firstDaemon.Log + "\n" + lastDaemon.Log);
            string message = await File.ReadAllTextAsync(last.Mailbox("bob")[0]);
            Assert.Contains("by first.example.net", message, StringComparison.Ordinal);
            Assert.Contains("by postfix.example.org (Postfix)", message, StringComparison.Ordinal);
            Assert.Contains("by mx.example.com", message, StringComparison.Ordinal);
            Assert.Contains("\n.dot\nline two\n", message, StringComparison.Ordinal);
        }
        finally
        {
            await postfix.DisposeAsync();
            Directory.Delete(spool, recursive: true);
        }
    }

    [Fact]
    public async Task Refused_recipient_comes_back_as_a_notification()
    {
        await using TestSite last = await TestSite.CreateAsync();
        await using Daemon lastDaemon = await last.StartAsync();
        await using TestSite first = await TestSite.CreateAsync(SmartHost(last.Port), "define(`confDOMAIN_NAME', `first.example.net')dnl\nLOCAL_DOMAIN(`first.example.net')dnl");
        await File.WriteAllTextAsync(first.ConfigurationFile, (await File.ReadAllTextAsync(first.ConfigurationFile)).Replace("LOCAL_DOMAIN(`example.com')dnl", "", StringComparison.Ordinal));
        await using Daemon firstDaemon = await first.StartAsync();
        Command run = await Command.RunAsync("swaks", "--server", "127.0.0.1", "--port", Number(first.Port), "--to", "nobody@example.com", "--from", "bob@first.example.net", "--header", "Subject: lost");
        Assert.True(run.ExitCode == 0, run.ToString());
        bool back = await Patiently.UntilAsync(() => first.Mailbox("bob").Length == 1);
        Assert.True(back, firstDaemon.Log);
        string report = await File.ReadAllTextAsync(first.Mailbox("bob")[0]);
        Assert.StartsWith("Return-Path: <>\n", report, StringComparison.Ordinal);
        Assert.Contains("Content-Type: multipart/report; report-type=delivery-status;", report, StringComparison.Ordinal);
        Assert.Contains("\nAction: failed\nStatus: 5.1.1\n", report, StringComparison.Ordinal);
        Assert.Contains("Diagnostic-Code: SMTP; 550 5.1.1 <nobody@example.com>... User unknown", report, StringComparison.Ordinal);
        Assert.Contains("Subject: lost", report, StringComparison.Ordinal);
    }

    private static string SmartHost(int port) => "[127.0.0.1]:" + Number(port);

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
