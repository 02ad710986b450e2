using Postrider.Queue;

namespace Postrider.Mta.Routing;

/// <summary>A recipient as the queue keeps it, and the way that it would go now.</summary>
public sealed record RoutedRecipient(QueueRecipient Recipient, MailerTriple Triple);
