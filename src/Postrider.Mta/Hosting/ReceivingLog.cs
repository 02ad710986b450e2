using Postrider.Mail;
using Postrider.Mta.Logging;
using Postrider.Mta.Receiving;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Hosting;

/// <summary>Receiving's events as sendmail's log lines.</summary>
internal sealed class ReceivingLog(SendmailLog log) : IReceivingLog
{
    public void TransactionEnded(TransactionSummary summary)
    {
        bool isLocal = summary.Session.Remote is null;
        log.From(new FromLine(summary.QueueId, summary.From.Trim('<', '>'), summary.Octets, summary.Recipients, summary.Session.Relay)
        {
            MessageId = summary.MessageId,
            BodyType = summary.Body switch { BodyType.EightBitMime => "8BITMIME", BodyType.SevenBit => "7BIT", _ => null },
            Protocol = isLocal ? null : summary.Session.Protocol,
            Daemon = isLocal ? null : summary.Session.Listener.Name,
        });
    }

    public void Rejected(string? id, string ruleset, RulesetCallText call, SmtpReply reply)
    {
        log.RulesetReject(id, ruleset, call.Argument1, call.Argument2, call.Relay, reply);
        log.Verdict(id, reply);
    }

    public void SetAside(string? id, string ruleset, RulesetCallText call, string? quarantine, ReasonChain reasons) =>
        log.Notice(id, $"ruleset={ruleset}, arg1={call.Argument1}, {(call.Argument2 is null ? "" : $"arg2={call.Argument2}, ")}relay={call.Relay}, {(quarantine is null ? "discard" : "quarantine=" + quarantine)}");

    public void Asked(SmtpSessionFacts session, string command, string argument) => log.Query(session.Id, session.Relay, $"{command} {argument}", isRejected: false);

    public void Discarded(string id) => log.Discarded(id);

    public void AuthenticationWarning(string id, string text) => log.Notice(id, "Authentication-Warning: " + text);

    public void TlsBegan(SmtpSessionFacts session, TlsFacts tls)
    {
        log.StartTls(new TlsLine(IsServer: true, session.Relay, tls.Version, tls.Verify.ToString().ToUpperInvariant(), tls.Cipher, tls.CipherBits));
        log.StartTlsCertificate(isServer: true, tls.CertSubject ?? "", tls.CertIssuer ?? "", tls.VerifyMessage ?? "ok");
    }

    public void AuthEnded(SmtpSessionFacts session, string mechanism, bool succeeded, string? user, string? reason)
    {
        if (succeeded && session.Auth is { } auth) log.Auth(isServer: true, session.Relay, auth.AuthenticationId, mechanism);
        else log.AuthFailed(session.Id, mechanism, reason ?? "authentication failed", user, session.Relay);
    }

    public void TlsFailed(SmtpSessionFacts session, string reason) => log.StartTlsFailed(isServer: true, session.Relay, reason);

    public void Faulted(SmtpSessionFacts session, string id, string command, Exception exception) =>
        log.SysErr(id, $"{command}: {exception.GetType().Name}: {exception.Message}, relay={session.Relay}");

    public void Flooded(SmtpSessionFacts session, string id, string command, int count) => log.PossibleAttack(id, session.Relay, command, count);

    public void Notice(string id, string text, ReasonChain reasons) => log.RecipientRefused(id, text);

    public void Expanded(string id, string from, string to) => log.Expansion(id, from, to);

    public void Replied(SmtpSessionFacts session, string id, string command, SmtpReply reply)
    {
        log.Dialogue(id, isCommand: true, command);
        log.Dialogue(id, isCommand: false, reply.ToString());
        log.Verdict(id, reply);
    }

    public void SessionEnded(SmtpSessionFacts session, bool isIdle)
    {
        if (isIdle) log.NothingIssued(session.Id, session.Relay, session.Listener.Name);
    }
}
