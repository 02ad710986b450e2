namespace Postrider.Testing;

/// <summary>A <see cref="ManualTimeProvider"/> that tells how many timers are armed: something that waits with a deadline, or sleeps, is waiting now.</summary>
public sealed class WatchedTimeProvider : TimeProvider
{
    private readonly ManualTimeProvider inner = new();
    private int armed;

    public int Armed => Volatile.Read(ref armed);

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public void Advance(TimeSpan by) => inner.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new WatchedTimer(this, callback, state, dueTime, period);

    private sealed class WatchedTimer : ITimer
    {
        private readonly WatchedTimeProvider clock;
        private readonly ITimer timer;
        private int isArmed;

        public WatchedTimer(WatchedTimeProvider clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            this.clock = clock;
            timer = clock.inner.CreateTimer(
                argument =>
                {
                    Mark(false);
                    callback(argument);
                },
                state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = timer.Change(dueTime, period);
            Mark(dueTime != Timeout.InfiniteTimeSpan);
            return changed;
        }

        public void Dispose()
        {
            timer.Dispose();
            Mark(false);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Mark(bool armed)
        {
            int now = armed ? 1 : 0;
            int before = Interlocked.Exchange(ref isArmed, now);
            Interlocked.Add(ref clock.armed, now - before);
        }
    }
}
