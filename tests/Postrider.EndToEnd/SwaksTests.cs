using System.Globalization;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>swaks, the postmaster's probe, against the daemon as it is shipped.</summary>
public sealed class SwaksTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private const int Relayed = 0;

    [Fact]
    public async Task StartTls_message_is_delivered_with_its_tls_clause()
    {
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", Port, "--tls", "--to", "alice@example.com", "--from", "s@example.net", "--header", "Subject: over tls");
        Assert.True(run.ExitCode == 0, run.ToString());
        string message = await shared.MessageAsync("alice", "Subject: over tls");
        Assert.Matches(@"Received: from \S+ \(localhost \[127\.0\.0\.1\]\)\n\tby mx\.example\.com \(\S+\) with ESMTPS id \w{14}\n\t\(version=TLSv1\.[23] cipher=[A-Z0-9_-]+ bits=\d+ verify=NO\)\n\tfor <alice@example\.com>; ", message);
    }

    [Fact]
    public async Task Implicit_tls_takes_authenticated_mail()
    {
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", shared.Site.SmtpsPort.ToString(CultureInfo.InvariantCulture), "--tlsc", "--auth", "PLAIN",
            "--auth-user", shared.Site.UserName, "--auth-password", shared.Site.Password, "--to", "bob@example.com", "--from", "alice@example.com", "--header", "Subject: tlsc");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("\n\t(authenticated bits=0)\n", await shared.MessageAsync("bob", "Subject: tlsc"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Submission_authenticates_by(string mechanism)
    {
        Command run = await SubmitAsync(mechanism, shared.Site.Password, "bob@example.com", "Subject: by " + mechanism);
        Assert.True(run.ExitCode == Relayed, run.ToString());
        string message = await shared.MessageAsync("bob", "Subject: by " + mechanism);
        Assert.Contains(" with ESMTPSA id ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLAIN", "wrong")]
    [InlineData("LOGIN", "wrong")]
    public async Task Wrong_password_is_answered_535(string mechanism, string password)
    {
        Command run = await SubmitAsync(mechanism, password, "bob@example.com", "Subject: never");
        Assert.Equal(28, run.ExitCode);
        Assert.Contains("<~* 535 5.7.0 authentication failed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passwords_are_not_asked_for_in_clear()
    {
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", SubmissionPort, "--quit-after", "EHLO");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("250-STARTTLS", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PLAIN", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("LOGIN", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submission_port_wants_authentication_before_mail()
    {
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", SubmissionPort, "--tls", "--to", "bob@example.com", "--from", "s@example.net");
        Assert.Contains("530 5.7.0 Authentication required", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipelined_dialogue_is_taken()
    {
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", Port, "--pipeline", "--to", "alice@example.com,bob@example.com", "--from", "s@example.net", "--header", "Subject: pipelined");
        Assert.True(run.ExitCode == 0, run.ToString());
        await shared.MessageAsync("alice", "Subject: pipelined");
        await shared.MessageAsync("bob", "Subject: pipelined");
    }

    [Fact]
    public async Task Null_sender_is_taken()
    {
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", Port, "--to", "alice@example.com", "--from", "<>", "--header", "Subject: null sender");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.StartsWith("Return-Path: <>\n", await shared.MessageAsync("alice", "Subject: null sender"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_mailbox_is_answered_550_5_1_1()
    {
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", Port, "--to", "nobody@example.com", "--from", "s@example.net");
        Assert.Contains("550 5.1.1 <nobody@example.com>... User unknown", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stranger_is_not_relayed()
    {
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", Port, "--local-interface", "127.0.0.2", "--to", "x@elsewhere.example", "--from", "s@example.net");
        Assert.Contains("<** 550 5.7.1 <x@elsewhere.example>... Relaying denied", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_of_25_MB_arrives_whole()
    {
        string body = shared.Site.In("big.txt");
        await File.WriteAllTextAsync(body, string.Concat(Enumerable.Range(0, 450_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i:00000000} ............................................ ok\n"))));
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", Port, "--to", "alice@example.com", "--from", "s@example.net", "--header", "Subject: big", "--body", "@" + body, "--suppress-data");
        Assert.True(run.ExitCode == 0, run.Output[^Math.Min(run.Output.Length, 2000)..]);
        string message = await shared.MessageAsync("alice", "Subject: big");
        Assert.Contains((await File.ReadAllTextAsync(body)).TrimEnd(), message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thousand_recipients_are_all_served()
    {
        string recipients = string.Join(',', Enumerable.Range(0, 1000).Select(i => string.Create(CultureInfo.InvariantCulture, $"user{i}@example.com")));
        Command run = await SwaksAsync("--server", "127.0.0.1", "--port", Port, "--to", recipients, "--from", "s@example.net", "--header", "Subject: thousand");
        Assert.True(run.ExitCode == 0, run.Output[^Math.Min(run.Output.Length, 2000)..]);
        string[] mailboxes = [.. Enumerable.Range(0, 1000).Select(i => string.Create(CultureInfo.InvariantCulture, $"many/user{i}"))];
        bool all = await Patiently.UntilAsync(() => mailboxes.All(mailbox => shared.Site.Mailbox(mailbox).Length == 1), seconds: 120);
        Assert.True(all, $"{mailboxes.Count(mailbox => shared.Site.Mailbox(mailbox).Length != 1)} mailboxes did not get one copy");
    }

    private string Port => shared.Site.Port.ToString(CultureInfo.InvariantCulture);

    private string SubmissionPort => shared.Site.SubmissionPort.ToString(CultureInfo.InvariantCulture);

    private Task<Command> SubmitAsync(string mechanism, string password, string to, string header) =>
        SwaksAsync("--server", "127.0.0.1", "--port", SubmissionPort, "--tls", "--auth", mechanism, "--auth-user", shared.Site.UserName,
            "--auth-password", password, "--to", to, "--from", "alice@example.com", "--header", header);

    private static Task<Command> SwaksAsync(params string[] arguments)
    {
        Command.Require("swaks");
        return Command.RunAsync("swaks", arguments);
    }
}
