namespace Postrider.Mta.Delivery;

/// <summary>Code behind a mailer: SMTP/LMTP, Maildir, discard, error. Thread-safe; never touches the queue.</summary>
public interface IDeliveryAgent
{
    /// <summary>Tries all recipients of the attempt. No outcome for a recipient means deferred, never delivered.</summary>
    /// <remarks>An exception other than cancellation means deferred for every recipient without outcome. Cancellation: stop soon; what was handed over must still be reported.</remarks>
    ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken);
}
