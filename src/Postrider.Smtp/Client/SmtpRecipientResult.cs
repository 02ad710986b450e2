using Postrider.Mail;

namespace Postrider.Smtp.Client;

/// <summary>What the peer said about one recipient.</summary>
/// <param name="Reply">The reply that decided. Null: the connection was lost before one came; the recipient is to be tried again.</param>
/// <param name="Phase">What the reply answered: MAIL, RCPT, DATA or the end of the content. Only a positive reply to the last means accepted.</param>
/// <param name="IsLocal">The reply is our own: the message cannot be sent to this peer.</param>
public readonly record struct SmtpRecipientResult(SmtpReply? Reply, SmtpClientPhase Phase, bool IsLocal = false)
{
    public bool IsAccepted => Phase == SmtpClientPhase.ContentEnd && Reply is { IsPositive: true };
}
