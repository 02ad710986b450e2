namespace Postrider.Queue;

/// <summary>The disk gives back something else than what was written. The entry is quarantined; its envelope is intact.</summary>
/// <remarks>Operator: look at the disk. The damaged file is kept as <c>damaged-…</c> in the queue directory.</remarks>
public sealed class QueueContentDamagedException(QueueId id, string message) : IOException($"{id}: {message}")
{
    public QueueId Id { get; } = id;
}
