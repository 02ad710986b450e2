using Postrider.Mail;

namespace Postrider.Smtp.Server;

/// <summary>The content of a message cannot be accepted. Carries the reply; null when there is nobody left to reply to.</summary>
public sealed class SmtpContentException(SmtpReply? reply, string reason) : Exception(reason)
{
    public SmtpReply? Reply { get; } = reply;
}
