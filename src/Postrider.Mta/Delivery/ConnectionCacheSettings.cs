namespace Postrider.Mta.Delivery;

/// <summary>How long and how many connections are kept for the next message.</summary>
public sealed record ConnectionCacheSettings
{
    /// <summary>ConnectionCacheSize: idle connections kept, over all destinations. Default 64 (sendmail: 2, per process, and it has a process per queue run).</summary>
    public int MaxIdle { get; init; } = 64;

    /// <summary>ConnectionCacheTimeout. Default 15 seconds. sendmail's 5 minutes end with its queue run; ours has no end, and peers count connections.</summary>
    public TimeSpan MaxIdleTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Connections in use at once to one host and port. Default 20; ours.</summary>
    public int MaxPerDestination { get; init; } = 20;

    /// <summary>The mailer's <c>m=</c>: messages on one connection, then it is closed, so that load spreads over a host's addresses. Default 1000; ours.</summary>
    public int MaxMessages { get; init; } = 1000;
}
