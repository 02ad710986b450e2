using Microsoft.Extensions.Logging;
using Postrider.Mail;
using Postrider.Mta.Delivery;
using Postrider.Mta.Logging;

namespace Postrider.Tests.Mta.Logging;

/// <summary>Expected lines are those of oracle 20, 30, 88 and 89.</summary>
public sealed class SendmailLogTests
{
    private const string Id = "6AKNOE16006701";
    private readonly Recorder recorder = new();

    [Fact]
    public void From_line_reads_as_sendmail_writes_it()
    {
        Log().From(new FromLine(Id, "a@example.net", 35, 3, "client10.example.net [127.2.0.10]")
        {
            MessageId = $"<202611202324.{Id}@mx.oracle.test>",
            Protocol = "ESMTPSA",
            Daemon = "MTA",
        });
        Assert.Equal(
            "6AKNOE16006701: from=<a@example.net>, size=35, class=0, nrcpts=3, msgid=<202611202324.6AKNOE16006701@mx.oracle.test>, proto=ESMTPSA, daemon=MTA, relay=client10.example.net [127.2.0.10]",
            recorder.Only);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(6, 6)]
    [InlineData(7, 7)]
    public void A_line_of_the_map_syslog_keeps_its_severity_and_is_one_line(int said, int written)
    {
        recorder.Minimum = LogLevel.Debug;
        new SendmailLog(recorder, 0).ByRule(said, "hello\nworld");
        Assert.Equal("NOQUEUE: hello\\x0Aworld", recorder.Only);
        Assert.Equal(written, recorder.Severities.Single());
    }

    [Fact]
    public void To_line_reads_as_sendmail_writes_it()
    {
        Log().To(new ToLine(Id, ForwardPath.Of("y@d5.example.org"), OutcomeKind.Deferred, new TimeSpan(1, 2, 3, 4), TimeSpan.FromSeconds(1), new EnhancedStatusCode(4, 3, 0), "Deferred: 451 4.3.0 Try again later")
        {
            Mailer = "esmtp",
            Priority = 90408,
            Relay = "mx5.example.org. [127.3.0.5]",
            Reply = "451 4.3.0 Try again later",
        });
        Assert.Equal(
            "6AKNOE16006701: to=<y@d5.example.org>, delay=1+02:03:04, xdelay=00:00:01, mailer=esmtp, pri=90408, relay=mx5.example.org. [127.3.0.5], dsn=4.3.0, reply=451 4.3.0 Try again later, stat=Deferred: 451 4.3.0 Try again later",
            recorder.Only);
    }

    [Theory]
    [InlineData(OutcomeKind.Relayed, 8)]
    [InlineData(OutcomeKind.Delivered, 8)]
    [InlineData(OutcomeKind.Deferred, 9)]
    [InlineData(OutcomeKind.Failed, 7)]
    public void To_line_appears_from_its_own_LogLevel_on(OutcomeKind kind, int level)
    {
        ToLine line = new(Id, ForwardPath.Of("x"), kind, TimeSpan.Zero, null, default, "");
        Log(level - 1).To(line);
        Assert.Empty(recorder.Lines);
        Log(level).To(line);
        Assert.Single(recorder.Lines);
    }

    [Fact]
    public void Session_lines_read_as_sendmail_writes_them()
    {
        SendmailLog log = Log(12);
        log.DaemonStarting("8.17.1.9", TimeSpan.FromMinutes(30));
        log.StartTls(new TlsLine(true, "client10.example.net [127.2.0.10]", "TLSv1.3", "OK", "TLS_AES_256_GCM_SHA384", 256));
        log.Auth(true, "client10.example.net [127.2.0.10]", "alice", "PLAIN");
        log.RulesetReject(Id, "check_rcpt", "<x@example.org>", null, "c.example.net [192.0.2.1]", SmtpReply.Of(550, "5.7.1", "<x@example.org>... Relaying denied"));
        log.RulesetReject(null, "check_relay", "localhost", "127.0.0.1", "localhost [127.0.0.1]", SmtpReply.Of(451, "4.3.0", "Temporary system failure. Please try again later."));
        log.RecipientRefused(Id, "<nosuch@oracle.test>... User unknown");
        log.Connect("localhost [127.0.0.1]");
        log.NothingIssued(Id, "localhost [127.0.0.1]", "MTA");
        log.DaemonStopping("signal");
        log.Notification(Id, "6AKNOE17006701", "DSN", "User unknown");
        Assert.Equal(
            """
            starting daemon (8.17.1.9): SMTP+queueing@00:30:00
            STARTTLS=server, relay=client10.example.net [127.2.0.10], version=TLSv1.3, verify=OK, cipher=TLS_AES_256_GCM_SHA384, bits=256/256
            AUTH=server, relay=client10.example.net [127.2.0.10], authid=alice, mech=PLAIN, bits=0
            6AKNOE16006701: ruleset=check_rcpt, arg1=<x@example.org>, relay=c.example.net [192.0.2.1], reject=550 5.7.1 <x@example.org>... Relaying denied
            ruleset=check_relay, arg1=localhost, arg2=127.0.0.1, relay=localhost [127.0.0.1], reject=451 4.3.0 Temporary system failure. Please try again later.
            6AKNOE16006701: <nosuch@oracle.test>... User unknown
            NOQUEUE: connect from localhost [127.0.0.1]
            6AKNOE16006701: localhost [127.0.0.1] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA
            NOQUEUE: stopping daemon, reason=signal
            6AKNOE16006701: 6AKNOE17006701: DSN: User unknown
            """,
            string.Join('\n', recorder.Lines));
    }

    [Fact]
    public void A_value_cannot_begin_a_line_of_its_own()
    {
        Log().From(new FromLine(Id, "a\r\nNov 21 01:02:03 host sendmail[1]: forged\u0000\u001b[2J\u0085\u2028", 1, 1, "r"));
        Assert.StartsWith($"{Id}: from=<a\\x0D\\x0ANov 21 01:02:03 host sendmail[1]: forged\\x00\\x1B[2J\\x85\\x2028>", recorder.Only, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_and_a_line_are_bounded()
    {
        string endless = new('x', 100_000);
        Log().From(new FromLine(Id, endless, 1, 1, endless) { MessageId = endless, Protocol = endless, Daemon = endless, BodyType = endless });
        Assert.InRange(recorder.Only.Length, 1, 2048);
        Assert.Contains("xxx...>, size=1", recorder.Only, StringComparison.Ordinal);
    }

    [Fact]
    public void What_AUTH_sends_is_never_written()
    {
        Log(15).Dialogue(Id, isCommand: true, "AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=");
        Assert.Equal($"{Id}: <-- AUTH PLAIN ***", recorder.Only);
    }

    [Fact]
    public void A_verdict_tells_its_chain_at_debug_level()
    {
        SmtpReply reply = SmtpReply.Of(550, "5.1.1", "<bob@example.org>... User unknown")
            .Because(ReasonKind.Listener, "MTA").Because(ReasonKind.Ruleset, "check_rcpt").Because(ReasonKind.Map, "mailboxes: no bob");
        Log(0).Verdict(Id, reply);
        Assert.Empty(recorder.Lines);
        recorder.Minimum = LogLevel.Debug;
        Log(0).Verdict(Id, reply);
        Assert.Equal($"{Id}: 550 5.1.1 <bob@example.org>... User unknown: why: listener: MTA -> ruleset: check_rcpt -> map: mailboxes: no bob", recorder.Only);
    }

    private SendmailLog Log(int level = 9) => new(recorder, level);

    private sealed class Recorder : ILogger
    {
        public List<string> Lines { get; } = [];

        public List<int> Severities { get; } = [];

        public LogLevel Minimum { get; set; } = LogLevel.Information;

        public string Only => Assert.Single(Lines);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= Minimum;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            Lines.Add(formatter(state, exception));
            Severities.Add(SendmailEvents.Severity(logLevel, eventId));
        }
    }
}
