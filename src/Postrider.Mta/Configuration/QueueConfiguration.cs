namespace Postrider.Mta.Configuration;

public sealed record QueueConfiguration
{
    /// <summary>QueueDirectory. Default of ours: /var/spool/postrider (sendmail's mqueue has another format).</summary>
    public string Directory { get; init; } = "/var/spool/postrider";

    /// <summary>Where <c>sendmail -t</c> leaves messages when the daemon is down. Default: <c>drop</c> in the queue directory.</summary>
    public string? DropDirectory { get; init; }

    /// <summary>First retry after this; grows up to <see cref="MaxRetry"/>. Ours: 5 minutes (sendmail: every queue run).</summary>
    public TimeSpan MinRetry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>MaxQueueAge: back-off grows up to this. Ours: 4 hours.</summary>
    public TimeSpan MaxRetry { get; init; } = TimeSpan.FromHours(4);

    /// <summary>At most this many attempts at once.</summary>
    public int MaxRunners { get; init; } = 64;
}
