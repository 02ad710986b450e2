using System.Globalization;
using Postrider.Mail;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Receiving;

/// <summary>What receiving tells the log. The lines, their levels and their escaping are the log's matter. Thread-safe; must not block and must not throw.</summary>
public interface IReceivingLog
{
    /// <summary>The <c>from=</c> line: once for each transaction, when it ends.</summary>
    void TransactionEnded(TransactionSummary summary);

    /// <summary><c>ruleset=check_rcpt, arg1=&lt;x&gt;, relay=…, reject=550 5.7.1 …</c>.</summary>
    /// <param name="id">Null: a check of the session, whose line has no id (as sendmail writes it).</param>
    void Rejected(string? id, string ruleset, RulesetCallText call, SmtpReply reply);

    /// <summary><c>discard</c> or <c>quarantine=…</c> of a ruleset.</summary>
    void SetAside(string? id, string ruleset, RulesetCallText call, string? quarantine, ReasonChain reasons);

    /// <summary><c>client [address]: VRFY alice</c>: somebody looks around.</summary>
    void Asked(SmtpSessionFacts session, string command, string argument) => Notice(session.Id, $"{session.Relay}: {command} {argument}", ReasonChain.None);

    /// <summary><c>discarded</c>: a message was taken and dropped, as a ruleset wanted.</summary>
    void Discarded(string id) => Notice(id, "discarded", ReasonChain.None);

    /// <summary><c>Authentication-Warning: j: …</c>.</summary>
    void AuthenticationWarning(string id, string text);

    /// <summary><c>STARTTLS=server, relay=…, version=…</c>.</summary>
    void TlsBegan(SmtpSessionFacts session, TlsFacts tls);

    /// <summary><c>AUTH=server, relay=…, authid=…</c>, or <c>AUTH failure (mech)</c>.</summary>
    /// <param name="user">On failure, who the peer claimed to be, not escaped; null: it did not come to that.</param>
    void AuthEnded(SmtpSessionFacts session, string mechanism, bool succeeded, string? user, string? reason);

    /// <summary><c>STARTTLS=server, error: accept failed</c>.</summary>
    void TlsFailed(SmtpSessionFacts session, string reason) =>
        Notice(session.Id, $"STARTTLS=server, error: accept failed=-1, reason={reason}, relay={session.Relay}", ReasonChain.None);

    /// <summary>Code of ours threw: a bug, and the peer got 451.</summary>
    void Faulted(SmtpSessionFacts session, string id, string command, Exception exception) =>
        Notice(id, $"SYSERR: {command}: {exception.GetType().Name}: {exception.Message}, relay={session.Relay}", ReasonChain.None);

    /// <summary><c>possible SMTP attack: command=VRFY, count=6</c>.</summary>
    void Flooded(SmtpSessionFacts session, string id, string command, int count) =>
        Notice(id, string.Create(CultureInfo.InvariantCulture, $"{session.Relay}: possible SMTP attack: command={command}, count={count}"), ReasonChain.None);

    /// <summary>Something refused in another way than by a ruleset: store, limit, message content. <c>id: text</c>.</summary>
    void Notice(string id, string text, ReasonChain reasons);

    /// <summary><c>alias root =&gt; alice</c>: an alias that was followed.</summary>
    void Expanded(string id, string from, string to)
    {
    }

    /// <summary>Every reply, with its reasons, at debug level.</summary>
    void Replied(SmtpSessionFacts session, string id, string command, SmtpReply reply);

    /// <summary>The session is over; <paramref name="isIdle"/> when it issued no MAIL, VRFY, EXPN or ETRN.</summary>
    void SessionEnded(SmtpSessionFacts session, bool isIdle);
}
