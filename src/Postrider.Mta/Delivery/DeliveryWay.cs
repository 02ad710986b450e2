using Postrider.Mail;

namespace Postrider.Mta.Delivery;

/// <summary>Recipients that share it travel together.</summary>
/// <param name="Mailer">From the mailer triple.</param>
/// <param name="Host">From the mailer triple, lower case unless it is a path.</param>
/// <param name="Owner">Sender of this copy in place of the envelope's; null: the envelope's own.</param>
internal readonly record struct DeliveryWay(string Mailer, string Host, ReversePath? Owner);
