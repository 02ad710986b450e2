using Postrider.Mail;

namespace Postrider.Smtp.Server;

/// <param name="Reply">2yz exactly when <paramref name="Transaction"/> is there.</param>
/// <param name="Transaction">Owned by the session; disposed on RSET, EHLO, a final reply, timeout, disconnect.</param>
public sealed record MailAnswer(SmtpReply Reply, IMailTransaction? Transaction);
