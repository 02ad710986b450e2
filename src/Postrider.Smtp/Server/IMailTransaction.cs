using Postrider.Mail;

namespace Postrider.Smtp.Server;

/// <summary>
/// One mail transaction (RFC 5321 §3.3). Disposed without acceptance it is rolled back: RSET, EHLO, timeout and disconnect are one path.
/// Thrown away after any final reply, so nothing of a refused message can reach the next one.
/// </summary>
public interface IMailTransaction : IAsyncDisposable
{
    /// <summary>RCPT, grammatical. The transaction keeps the recipient exactly when the reply is positive.</summary>
    ValueTask<SmtpReply> RecipientAsync(ForwardPath path, RcptParameters parameters, CancellationToken cancellationToken);

    /// <summary>DATA with at least one recipient. Null: 354.</summary>
    ValueTask<SmtpReply?> DataAsync(CancellationToken cancellationToken);

    /// <summary>The content. Positive only after the queue has committed.</summary>
    /// <remarks>
    /// Reads <paramref name="content"/> to its end, or answers early (the session then reads the rest and drops it).
    /// A <see cref="SmtpContentException"/> from the content must pass through: it carries the reply, and nothing may be committed then.
    /// </remarks>
    ValueTask<SmtpReply> ReceiveAsync(SmtpContent content, CancellationToken cancellationToken);
}
