using Microsoft.Extensions.Logging;
using Postrider.Mail;
using Postrider.Mta.Delivery;

namespace Postrider.Mta.Logging;

/// <summary>
/// The log in sendmail's lines (sendmail 8.17, oracle 20, 30, 31, 88, 89), one method per kind. Each kind has sendmail's own LogLevel: it is written when the site's
/// LogLevel is at least that. Values that came from elsewhere are escaped and bounded; passwords and AUTH responses are never taken.
/// </summary>
/// <remarks>Thread-safe. A line costs one string. Whoever calls never waits for the log: see <see cref="SendmailLineLoggerProvider"/>.</remarks>
/// <param name="logger">Where the lines go.</param>
/// <param name="logLevel">confLOG_LEVEL; 9 as there.</param>
public sealed class SendmailLog(ILogger logger, int logLevel = 9)
{
    private const LogLevel Info = Microsoft.Extensions.Logging.LogLevel.Information;

    public int LogLevel { get; } = logLevel;

    /// <summary>Whether <see cref="Verdict(string?, SmtpReply)"/> would write anything: ask before building a chain for it alone.</summary>
    public bool ShowsReasons => logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Debug);

    /// <param name="queueing"><c>-q30m</c>; null: no queue runs.</param>
    public void DaemonStarting(string version, TimeSpan? queueing)
    {
        LogText text = LogText.BeginBare().Own("starting daemon (").Value(version).Own("): SMTP");
        if (queueing is { } interval) text.Own("+queueing@").Delay(interval);
        Write(Info, SendmailEvents.DaemonStarting, text);
    }

    public void StartedAs(string commandLine)
    {
        if (LogLevel >= 10) Write(Info, SendmailEvents.StartedAs, LogText.BeginBare().Own("started as: ").Value(commandLine));
    }

    public void DaemonStopping(string reason)
    {
        if (LogLevel >= 10) Write(Info, SendmailEvents.DaemonStopping, LogText.Begin(null).Own("stopping daemon, reason=").Value(reason));
    }

    public void Connect(string relay)
    {
        if (LogLevel >= 10) Write(Info, SendmailEvents.Connect, LogText.Begin(null).Own("connect from ").Value(relay));
    }

    public void NothingIssued(string? queueId, string relay, string daemon)
    {
        if (LogLevel < 6) return;
        Write(Info, SendmailEvents.NothingIssued, LogText.Begin(queueId).Value(relay).Own(" did not issue MAIL/EXPN/VRFY/ETRN during connection to ").Value(daemon));
    }

    /// <summary>VRFY, EXPN or ETRN with its argument.</summary>
    /// <param name="isRejected">By a privacy flag or a ruleset.</param>
    public void Query(string? queueId, string relay, string command, bool isRejected)
    {
        if (LogLevel < 6) return;
        LogText text = LogText.Begin(queueId).Value(relay).Own(": ").Value(command);
        Write(Info, SendmailEvents.Query, isRejected ? text.Own(" [rejected]") : text);
    }

    public void PossibleAttack(string? queueId, string relay, string command, int count)
    {
        if (LogLevel < 6) return;
        Write(Info, SendmailEvents.PossibleAttack, LogText.Begin(queueId).Value(relay).Own(": possible SMTP attack: command=").Value(command).Own(", count=").Own(count));
    }

    /// <summary>Connections are refused for now, for example <c>2 children, max 2</c>.</summary>
    public void ConnectionsRefused(string daemon, string why)
    {
        if (LogLevel >= 9) Write(Info, SendmailEvents.ConnectionsRefused, LogText.BeginBare().Own("rejecting connections on daemon ").Value(daemon).Own(": ").Value(why));
    }

    /// <summary>The text after the status, <c>&lt;bob@example.org&gt;... User unknown</c>.</summary>
    public void RecipientRefused(string? queueId, string text)
    {
        if (LogLevel >= 4) Write(Info, SendmailEvents.RecipientRefused, LogText.Begin(queueId).Value(text));
    }

    /// <param name="queueId">Null where sendmail writes none (check_relay, tls_client).</param>
    public void RulesetReject(string? queueId, string ruleset, string argument1, string? argument2, string relay, SmtpReply reply)
    {
        if (LogLevel < 4) return;
        LogText text = queueId is null ? LogText.BeginBare() : LogText.Begin(queueId);
        text.Own("ruleset=").Value(ruleset).Own(", arg1=").Value(argument1);
        if (argument2 is not null) text.Own(", arg2=").Value(argument2);
        Write(Info, SendmailEvents.RulesetReject, text.Own(", relay=").Value(relay).Own(", reject=").Value(reply.ToString()));
    }

    /// <summary>The peer went silent or away; <paramref name="text"/> as sendmail words it, for example <c>timeout waiting for input from H during server cmd read</c>.</summary>
    public void LostInput(string? queueId, string text)
    {
        if (LogLevel >= 3) Write(Info, SendmailEvents.LostInput, LogText.Begin(queueId).Value(text));
    }

    /// <summary>A message that was taken and dropped, as a ruleset wanted.</summary>
    public void Discarded(string queueId)
    {
        if (LogLevel >= 4) Write(Info, SendmailEvents.Discarded, LogText.Begin(queueId).Own("discarded"));
    }

    public void From(in FromLine from)
    {
        if (LogLevel < 5) return;
        LogText text = LogText.Begin(from.QueueId).Own("from=").Path(from.ReversePath).Own(", size=").Own(from.Octets);
        text.Own(", class=0, nrcpts=").Own(from.Recipients);
        if (from.BodyType is not null) text.Own(", bodytype=").Value(from.BodyType);
        if (from.MessageId is not null) text.Own(", msgid=").Value(from.MessageId);
        if (from.Protocol is not null) text.Own(", proto=").Value(from.Protocol);
        if (from.Daemon is not null) text.Own(", daemon=").Value(from.Daemon);
        Write(Info, SendmailEvents.From, text.Own(", relay=").Value(from.Relay));
    }

    public void To(in ToLine to)
    {
        // sendmail 8.17, oracle 88: what was sent appears from LogLevel 8 on, what was deferred from 9 on.
        int level = to.Kind switch { OutcomeKind.Deferred => 9, OutcomeKind.Failed => 7, _ => 8 };
        if (LogLevel < level) return;
        LogText text = LogText.Begin(to.QueueId).Own("to=");
        text = to.IsExpanded ? text.Value(to.Recipient.Address) : text.Path(to.Recipient.Address);
        text.Own(", delay=").Delay(to.Delay);
        if (to.AttemptDelay is { } attempt) text.Own(", xdelay=").Delay(attempt);
        if (to.Mailer is not null) text.Own(", mailer=").Value(to.Mailer);
        text.Own(", pri=").Own(to.Priority);
        if (to.Relay is not null) text.Own(", relay=").Value(to.Relay);
        text.Own(", dsn=").Own(to.Status.ToString());
        if (to.Reply is not null) text.Own(", reply=").Value(to.Reply);
        Write(Info, SendmailEvents.To, text.Own(", stat=").Value(to.Stat));
    }

    /// <summary>A report was made: <paramref name="kind"/> is <c>DSN</c>, <c>sender notify</c>, <c>postmaster notify</c> or <c>return to sender</c>.</summary>
    public void Notification(string queueId, string reportId, string kind, string what)
    {
        if (LogLevel >= 6) Write(Info, SendmailEvents.Notification, LogText.Begin(queueId).Own(reportId).Own(": ").Own(kind).Own(": ").Value(what));
    }

    /// <summary><c>alias root =&gt; alice</c></summary>
    public void Expansion(string? queueId, string from, string to)
    {
        if (LogLevel >= 11) Write(Info, SendmailEvents.Expansion, LogText.Begin(queueId).Own("alias ").Value(from).Own(" => ").Value(to));
    }

    public void StartTls(in TlsLine tls)
    {
        if (LogLevel < 9) return;
        LogText text = LogText.BeginBare().Own(tls.IsServer ? "STARTTLS=server, relay=" : "STARTTLS=client, relay=").Value(tls.Relay);
        text.Own(", version=").Value(tls.Version).Own(", verify=").Value(tls.Verify).Own(", cipher=").Value(tls.Cipher);
        Write(Info, SendmailEvents.StartTls, text.Own(", bits=").Own(tls.Bits).Own("/").Own(tls.Bits));
    }

    /// <summary>Distinguished names in sendmail's form, <c>/O=Example/CN=client</c>; empty: no certificate.</summary>
    public void StartTlsCertificate(bool isServer, string subject, string issuer, string verifyMessage)
    {
        if (LogLevel < 12) return;
        LogText text = LogText.BeginBare().Own(isServer ? "STARTTLS=server, cert-subject=" : "STARTTLS=client, cert-subject=").Value(subject);
        Write(Info, SendmailEvents.StartTlsCertificate, text.Own(", cert-issuer=").Value(issuer).Own(", verifymsg=").Value(verifyMessage));
    }

    public void StartTlsFailed(bool isServer, string relay, string reason)
    {
        if (LogLevel < 9) return;
        LogText text = LogText.BeginBare().Own(isServer ? "STARTTLS=server, error: accept failed=-1, reason=" : "STARTTLS=client, error: connect failed=-1, reason=");
        Write(Microsoft.Extensions.Logging.LogLevel.Warning, SendmailEvents.StartTlsFailed, text.Value(reason).Own(", relay=").Value(relay));
    }

    /// <param name="identity">Who it is now; never a password.</param>
    public void Auth(bool isServer, string relay, string identity, string mechanism, int bits = 0)
    {
        if (LogLevel < 9) return;
        LogText text = LogText.BeginBare().Own(isServer ? "AUTH=server, relay=" : "AUTH=client, relay=").Value(relay);
        if (isServer) text.Own(", authid=").Value(identity);
        Write(Info, SendmailEvents.Auth, text.Own(", mech=").Value(mechanism).Own(", bits=").Own(bits));
    }

    /// <param name="reason">In words, without anything the client sent.</param>
    /// <param name="user">The name that was tried; null: none was seen.</param>
    public void AuthFailed(string? queueId, string mechanism, string reason, string? user, string relay)
    {
        if (LogLevel < 9) return;
        LogText text = LogText.Begin(queueId).Own("AUTH failure (").Value(mechanism).Own("): ").Value(reason);
        if (user is not null) text.Own(", user=").Value(user);
        Write(Microsoft.Extensions.Logging.LogLevel.Warning, SendmailEvents.AuthFailed, text.Own(", relay=").Value(relay));
    }

    /// <summary>One line of the SMTP dialogue. The argument of AUTH is blotted out; differs from sendmail, which logs it at LogLevel 15 (oracle 88).</summary>
    public void Dialogue(string? queueId, bool isCommand, string line)
    {
        if (LogLevel < 15) return;
        if (isCommand && line.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase) && line.IndexOf(' ', 5) is > 0 and int secret) line = line[..secret] + " ***";
        Write(Info, SendmailEvents.Dialogue, LogText.Begin(queueId).Own(isCommand ? "<-- " : "--- ").Value(line));
    }

    /// <summary>Why a verdict is what it is: the whole chain, at debug level whatever the LogLevel.</summary>
    public void Verdict(string? queueId, SmtpReply reply)
    {
        if (!reply.Reasons.IsEmpty && ShowsReasons) Why(queueId, reply.ToString(), reply.Reasons);
    }

    /// <summary>Why one recipient had this outcome.</summary>
    public void Verdict(string queueId, ForwardPath recipient, RecipientOutcome outcome)
    {
        if (!outcome.Reasons.IsEmpty && ShowsReasons) Why(queueId, $"{recipient} {outcome.Status} {outcome.Message}", outcome.Reasons);
    }

    public void SysErr(string? queueId, string text) =>
        Write(Microsoft.Extensions.Logging.LogLevel.Critical, SendmailEvents.SysErr, LogText.Begin(queueId).Own("SYSERR(").Value(Environment.UserName).Own("): ").Value(text, LogText.MaxLine));

    public void Warning(string? queueId, string text)
    {
        if (LogLevel >= 1) Write(Microsoft.Extensions.Logging.LogLevel.Warning, SendmailEvents.Warning, LogText.Begin(queueId).Value(text, LogText.MaxLine));
    }

    /// <param name="level">sendmail's LogLevel from which on it is written.</param>
    public void Notice(string? queueId, string text, int level = 4)
    {
        if (LogLevel >= level) Write(Info, SendmailEvents.Notice, LogText.Begin(queueId).Value(text, LogText.MaxLine));
    }

    /// <summary>What a rule wrote by the map syslog, whatever the LogLevel, as in sendmail.</summary>
    /// <param name="severity">syslog's, 0 to 7; what is graver than critical is written as critical.</param>
    public void ByRule(int severity, string text)
    {
        (LogLevel level, EventId eventId) = severity switch
        {
            <= 2 => (Microsoft.Extensions.Logging.LogLevel.Critical, SendmailEvents.ByRule),
            3 => (Microsoft.Extensions.Logging.LogLevel.Error, SendmailEvents.ByRule),
            4 => (Microsoft.Extensions.Logging.LogLevel.Warning, SendmailEvents.ByRule),
            5 => (Info, SendmailEvents.ByRuleNotice),
            6 => (Info, SendmailEvents.ByRule),
            _ => (Microsoft.Extensions.Logging.LogLevel.Debug, SendmailEvents.ByRule),
        };
        Write(level, eventId, LogText.Begin(null).Value(text, LogText.MaxLine));
    }

    private void Why(string? queueId, string verdict, ReasonChain reasons)
    {
        LogText text = LogText.Begin(queueId).Value(verdict).Own(": why: ");
        for (int i = 0; i < reasons.Links.Length; i++)
        {
            if (i > 0) text.Own(" -> ");
            text.Value(reasons.Links[i].ToString());
        }

        Write(Microsoft.Extensions.Logging.LogLevel.Debug, SendmailEvents.Verdict, text);
    }

    private void Write(LogLevel level, EventId eventId, LogText text) => logger.Log(level, eventId, new LogLine(text.End()), null, LogLine.Formatter);
}
