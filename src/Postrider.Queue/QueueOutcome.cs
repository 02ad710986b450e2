using System.Collections.Immutable;

namespace Postrider.Queue;

/// <summary>What an attempt brought. Recipients that are not named keep their state (silence means deferred).</summary>
public sealed record QueueOutcome
{
    /// <summary>New state by recipient number.</summary>
    public required ImmutableDictionary<int, RecipientState> Recipients { get; init; }

    /// <summary>When to try again, if anything is left. When every recipient is final the entry is gone with its content.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>When this attempt was made; null: it does not count as one (nothing was tried).</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>A delay warning goes out with this outcome.</summary>
    public bool WarningSent { get; init; }
}
