using System.Collections.Immutable;

namespace Postrider.Queue.Journal;

/// <summary>What opening the journal found.</summary>
public sealed record JournalRecovery
{
    public int Entries { get; init; }

    /// <summary>Octets that were read behind the checkpoint.</summary>
    public long ReplayedOctets { get; init; }

    /// <summary>Octets of the torn end that a crash left: records that were on their way and had not been acknowledged.</summary>
    public long TornOctets { get; init; }

    /// <summary>Ids whose commit was on its way when the process ended, of which only a part had reached the disk.</summary>
    public ImmutableArray<QueueId> Unfinished { get; init; } = [];

    /// <summary>Empty on a sound disk. Each item is worth an operator's look, and a log line.</summary>
    public ImmutableArray<JournalDamage> Damage { get; init; } = [];
}
