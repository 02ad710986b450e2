namespace Postrider.Queue.Running;

/// <summary>How the runner runs.</summary>
public sealed record QueueRunnerSettings
{
    /// <summary>Attempts at the same time. Default 64.</summary>
    public int MaxAttempts
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxAttempts), value, "at least 1");
    } = 64;

    public QueueRetrySettings Retry { get; init; } = new();

    /// <summary>Timeout.queuewarn: a message still here after this is warned about, once. Default 4 hours; null: never.</summary>
    public TimeSpan? Warn { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Timeout.queuereturn: a message still here after this has failed. Default 5 days.</summary>
    public TimeSpan Return { get; init; } = TimeSpan.FromDays(5);

    /// <summary>How long an entry is ours without sign of life; renewed at a third of it. Default 10 minutes. In a shared store, how long a dead node's entries wait.</summary>
    public TimeSpan Lease
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(Lease), value, "must be positive");
    } = TimeSpan.FromMinutes(10);

    /// <summary>At a stop, attempts under way may go on this long before they are cancelled. Default 10 seconds.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When the store does not take an outcome, it is offered again after this. Default 5 seconds.</summary>
    public TimeSpan RecordAgainAfter { get; init; } = TimeSpan.FromSeconds(5);
}
