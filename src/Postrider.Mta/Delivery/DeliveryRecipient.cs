using Postrider.Mail;
using Postrider.Queue;

namespace Postrider.Mta.Delivery;

/// <param name="Number">Place in the queue envelope.</param>
/// <param name="Recipient">As queued: address, NOTIFY, ORCPT.</param>
/// <param name="User">From the mailer triple.</param>
public sealed record DeliveryRecipient(int Number, QueueRecipient Recipient, string User)
{
    public ForwardPath Address => Recipient.Address;
}
