using Postrider.Mail;

namespace Postrider.Mta.Delivery;

/// <summary>sendmail's discard mailer: the message is dropped, and nobody is told.</summary>
public sealed class DiscardAgent : IDeliveryAgent
{
    public ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken) =>
        new([.. attempt.Recipients.Select(r => new RecipientOutcome(r.Number, OutcomeKind.Discarded, new EnhancedStatusCode(2, 0, 0), "discarded")
        {
            Reasons = ReasonChain.Of(ReasonKind.Configuration, "routed to the discard mailer"),
        })]);
}
