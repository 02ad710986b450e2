using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>The sendmail command as scripts and mail readers call it.</summary>
public sealed class SubmissionTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    [Fact]
    public async Task Recipients_are_taken_from_the_header_and_blind_copies_are_not_shown()
    {
        Command run = await shared.Site.SendmailAsync("To: alice@example.com\nBcc: bob@example.com\nSubject: by header\n\n.\nhi\n", "-t", "-i");
        Assert.True(run.ExitCode == 0, run.ToString());
        string message = await shared.MessageAsync("alice", "Subject: by header");
        Assert.Contains("Received: (from ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Bcc", message, StringComparison.Ordinal);
        Assert.EndsWith("\n\n.\nhi\n", message, StringComparison.Ordinal);
        await shared.MessageAsync("bob", "Subject: by header");
    }

    [Fact]
    public async Task Sender_is_given_by_f_and_unknown_recipients_are_exit_67()
    {
        Command run = await shared.Site.SendmailAsync("Subject: by f\n\nhi\n", "-f", "someone@example.net", "bob@example.com");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.StartsWith("Return-Path: <someone@example.net>\n", await shared.MessageAsync("bob", "Subject: by f"), StringComparison.Ordinal);
        Command unknown = await shared.Site.SendmailAsync("Subject: nobody\n\nhi\n", "nobody@example.com");
        Assert.Equal(67, unknown.ExitCode);
        Assert.Contains("User unknown", unknown.Output + unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbose_shows_the_dialogue_with_the_daemon()
    {
        Command run = await shared.Site.SendmailAsync("Subject: verbose\n\nhi\n", "-v", "bob@example.com");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains(">>> RCPT ", run.Output + run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("250 2.0.0 ", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dialogue_on_standard_input_reaches_the_daemon()
    {
        Command.Require("bash");
        Command run = await Command.RunAsync("bash", "-c",
            "(sleep 1; printf 'EHLO here\\r\\n'; sleep 1; printf 'MAIL FROM:<root>\\r\\nRCPT TO:<bob@example.com>\\r\\nDATA\\r\\n'; sleep 1; printf 'Subject: by bs\\r\\n\\r\\nhi\\r\\n.\\r\\nQUIT\\r\\n') | \"$1\" sendmail -C \"$2\" -bs",
            "bs", Repository.Postrider, shared.Site.ConfigurationFile);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("250 2.0.0 ", run.Output, StringComparison.Ordinal);
        await shared.MessageAsync("bob", "Subject: by bs");
    }

    [Fact]
    public async Task Queue_run_tries_what_waits()
    {
        // Nobody listens at the smart host until the queue run.
        int port = TestSite.FreePort();
        await using TestSite site = await TestSite.CreateAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[127.0.0.1]:{port}"));
        await using Daemon daemon = await site.StartAsync();
        Assert.Equal(0, (await site.SendmailAsync("Subject: waits\n\nhi\n", "-f", "bob@example.com", "x@elsewhere.example")).ExitCode);
        Assert.True(await Patiently.UntilAsync(() => daemon.Log.Contains("stat=Deferred: Connection refused", StringComparison.Ordinal)), daemon.Log);
        Command queue = await site.SendmailAsync("", "-bp");
        Assert.Contains("Total requests: 1", queue.Output, StringComparison.Ordinal);
        Assert.Contains("(Deferred: Connection refused", queue.Output, StringComparison.Ordinal);
        await using Daemon sink = await PostfixPeer.StartSinkAsync(port);
        Command pass = await site.SendmailAsync("", "-q");
        Assert.True(pass.ExitCode == 0, pass.ToString());
        Assert.True(await Patiently.UntilAsync(() => daemon.Log.Contains("stat=Sent", StringComparison.Ordinal)), daemon.Log);
    }

    [Fact]
    public async Task Debug_zero_says_version_and_names()
    {
        Command run = await shared.Site.SendmailAsync("Subject: debug\n\nhi\n", "-d0.1", "bob@example.com");
        Assert.Contains("Version ", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Contains(TestSite.HostName, run.Output + run.Error, StringComparison.Ordinal);
    }
}
