using Postrider.Queue;
using Postrider.Queue.Running;

namespace Postrider.Mta.Delivery;

/// <summary>An outcome on its way through the queue runner, with what a report wants to know of it.</summary>
/// <param name="Facts">As the delivery agent, or routing, gave it.</param>
public sealed record QueueWorkerOutcome(RecipientOutcome Facts)
    : AttemptOutcome(Facts.Recipient, StatusOf(Facts.Kind), Facts.Status, Facts.Message)
{
    private static RecipientStatus StatusOf(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Deferred => RecipientStatus.Deferred,
        OutcomeKind.Failed => RecipientStatus.Failed,
        _ => RecipientStatus.Done,
    };
}
