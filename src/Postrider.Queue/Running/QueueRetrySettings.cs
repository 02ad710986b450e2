namespace Postrider.Queue.Running;

/// <summary>When a deferred message is tried again: after <see cref="MinInterval"/>, then after <see cref="Factor"/> times as long each time, up to <see cref="MaxInterval"/>.</summary>
public sealed record QueueRetrySettings
{
    /// <summary>After the first attempt. Default 5 minutes. sendmail's MinQueueAge.</summary>
    public TimeSpan MinInterval
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(MinInterval), value, "must be positive");
    } = TimeSpan.FromMinutes(5);

    /// <summary>Default 2; 1: the same interval always.</summary>
    public double Factor
    {
        get;
        init => field = value is >= 1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(Factor), value, "1 to 100");
    } = 2;

    /// <summary>Default 4 hours. sendmail's MaxQueueAge.</summary>
    public TimeSpan MaxInterval
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(MaxInterval), value, "must be positive");
    } = TimeSpan.FromHours(4);

    /// <param name="attempts">Made so far, at least 1.</param>
    public TimeSpan After(int attempts)
    {
        double ticks = MinInterval.Ticks * Math.Pow(Factor, Math.Min(attempts, 1000) - 1);
        return ticks < MaxInterval.Ticks ? TimeSpan.FromTicks((long)ticks) : MaxInterval;
    }
}
