namespace Postrider.Queue.Journal;

/// <summary>An entry while loading.</summary>
internal sealed class LoadedEntry(ulong serial, QueueEntry snapshot, uint version, uint chunks)
{
    public ulong Serial { get; } = serial;

    public QueueEntry Snapshot { get; set; } = snapshot;

    public uint Version { get; set; } = version;

    public uint Chunks { get; } = chunks;

    public PartPlace EntryAt { get; set; }

    /// <summary>The number that a checkpoint gave; the segment may be gone.</summary>
    public ulong EntryNumber { get; set; }

    public PartPlace StateAt { get; set; }
}
