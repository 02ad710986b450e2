namespace Postrider.Queue;

/// <summary>A message that comes into being together with an outcome: the notification about it. Both are recorded, or neither.</summary>
/// <param name="Draft">Written, not committed. The store commits it; the caller still disposes it.</param>
/// <param name="Envelope">As for a commit.</param>
public sealed record QueueSuccessor(IQueueDraft Draft, QueueEnvelope Envelope);
