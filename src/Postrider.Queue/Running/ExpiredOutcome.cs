using Postrider.Mail;

namespace Postrider.Queue.Running;

/// <summary>Failed because Timeout.queuereturn has passed: 4.4.7, delivery time expired (RFC 3463 §3.5).</summary>
/// <param name="Last">What the last attempt said; null: nothing was said.</param>
public sealed record ExpiredOutcome(int Recipient, string Message, AttemptOutcome? Last)
    : AttemptOutcome(Recipient, RecipientStatus.Failed, new EnhancedStatusCode(4, 4, 7), Message);
