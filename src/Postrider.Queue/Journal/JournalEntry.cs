namespace Postrider.Queue.Journal;

/// <summary>An entry as the index knows it. Everything that changes does so under the index's gate.</summary>
internal sealed class JournalEntry(ulong serial, QueueEntry snapshot)
{
    /// <summary>Never used twice, across restarts too; chunks carry it.</summary>
    public ulong Serial { get; } = serial;

    /// <summary>What is on stable storage. Its IsLeased is always false.</summary>
    public QueueEntry Snapshot { get; set; } = snapshot;

    /// <summary>Counts states, so that a copy of an old one never replaces a newer one.</summary>
    public uint Version { get; set; }

    /// <summary>Replaced as a whole when pieces move; never changed in place.</summary>
    public ChunkPlace[] Chunks { get; set; } = [];

    public PartPlace EntryAt { get; set; }

    /// <summary>No segment: the state stands in the entry part.</summary>
    public PartPlace StateAt { get; set; }

    /// <summary>Its commit is on stable storage. Until then only its id is taken.</summary>
    public bool IsCommitted { get; set; }

    public ulong LeaseToken { get; set; }

    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>A change on its way to the disk; the next one waits for it, since it builds on it.</summary>
    public TransactionOperation? Changing { get; set; }

    public bool CanBeTaken => IsCommitted && LeaseToken == 0 && Changing is null && !Snapshot.IsHeld && Snapshot.Quarantine is null;

    public bool IsLeasedAt(DateTimeOffset now) => LeaseToken != 0 && (LeaseUntil > now || Changing is not null);
}
