using System.Collections.Immutable;

namespace Postrider.Queue;

/// <summary>A snapshot of one queue entry: envelope plus everything that changes.</summary>
public sealed record QueueEntry
{
    public required QueueEnvelope Envelope { get; init; }

    public required long ContentOctets { get; init; }

    /// <summary>One per recipient, in the envelope's order.</summary>
    public required ImmutableArray<RecipientState> Recipients { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>Not before this instant. An entry that was never tried is due at once.</summary>
    public DateTimeOffset Due { get; init; }

    /// <summary>A delay warning was sent (sendmail's qf flag w).</summary>
    public bool WarningSent { get; init; }

    /// <summary>Held by an operator: never due.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Quarantined for this reason: never due. Null: not.</summary>
    public string? Quarantine { get; init; }

    /// <summary>Somebody works on it now.</summary>
    public bool IsLeased { get; init; }
}
