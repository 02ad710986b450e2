using Postrider.Mail;

namespace Postrider.Smtp.Client;

/// <summary>Whether the peer is ready for a mail transaction.</summary>
/// <param name="Refusal">Null: it is. Otherwise the negative reply, to be taken as the peer's answer to every recipient.</param>
/// <param name="Phase">What the refusal answered: the greeting or EHLO/HELO.</param>
public readonly record struct SmtpOpening(SmtpReply? Refusal, SmtpClientPhase Phase)
{
    public bool IsReady => Refusal is null;
}
