namespace Postrider.Mta.Hosting;

/// <summary>The sessions that are under way, so that the end can wait for them.</summary>
/// <param name="maxSessions">MaxDaemonChildren; 0: no limit.</param>
internal sealed class SessionTracking(int maxSessions)
{
    private readonly Lock gate = new();
    private readonly HashSet<Task> running = [];

    /// <summary>Null: no limit.</summary>
    public SemaphoreSlim? Slots { get; } = maxSessions > 0 ? new SemaphoreSlim(maxSessions) : null;

    public void Track(Task session)
    {
        lock (gate) running.Add(session);
        _ = session.ContinueWith(
            done =>
            {
                lock (gate) running.Remove(done);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Waits until none is left, not longer than <paramref name="within"/>.</summary>
    public async Task<bool> EndedAsync(TimeSpan within, TimeProvider time)
    {
        Task[] left;
        lock (gate) left = [.. running];
        try
        {
            await Task.WhenAll(left).WaitAsync(within, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
