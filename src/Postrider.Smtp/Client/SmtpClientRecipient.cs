using Postrider.Mail;

namespace Postrider.Smtp.Client;

/// <param name="Address">For RCPT, without angle brackets.</param>
/// <param name="Parameters">Sent only if the peer offers DSN.</param>
public sealed record SmtpClientRecipient(string Address, RcptParameters Parameters);
