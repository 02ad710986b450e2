namespace Postrider.Queue.Running;

/// <summary>What a notification may be about.</summary>
public sealed record QueueNotice
{
    /// <summary>Before the attempt.</summary>
    public required QueueEntry Entry { get; init; }

    /// <summary>Of this attempt: Done, Failed (with <see cref="ExpiredOutcome"/>) and Deferred, one for each recipient that was not final before.</summary>
    public required IReadOnlyList<AttemptOutcome> Outcomes { get; init; }

    /// <summary>Recipients to be warned about now: Timeout.queuewarn has passed, and NOTIFY does not forbid it. Empty: no warning.</summary>
    public required IReadOnlyList<int> Delayed { get; init; }

    /// <summary>Until when deferred recipients are tried: Will-Retry-Until (RFC 3464 §2.3.9).</summary>
    public required DateTimeOffset RetryUntil { get; init; }

    /// <summary>Instant of the attempt.</summary>
    public required DateTimeOffset AttemptedAt { get; init; }
}
