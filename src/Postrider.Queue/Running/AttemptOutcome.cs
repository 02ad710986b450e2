using Postrider.Mail;

namespace Postrider.Queue.Running;

/// <summary>What became of one recipient in one attempt. Derive from it to carry DSN facts from the worker to the notifier; the runner hands it on as it is.</summary>
/// <param name="Recipient">Number in the envelope.</param>
/// <param name="Status">Done, Failed or Deferred; Pending counts as Deferred.</param>
/// <param name="Enhanced">RFC 3463.</param>
/// <param name="Message">As <c>mailq</c> shows it, one line.</param>
public record AttemptOutcome(int Recipient, RecipientStatus Status, EnhancedStatusCode? Enhanced, string? Message);
