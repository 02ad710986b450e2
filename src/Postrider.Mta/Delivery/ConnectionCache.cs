using System.Collections.Concurrent;

namespace Postrider.Mta.Delivery;

/// <summary>
/// Open connections that wait for the next message, per host and port; and the limit of connections in use at once. A connection belongs to one attempt at a time:
/// it is either here, or with the attempt that took it. Thread-safe.
/// </summary>
public sealed class ConnectionCache : IAsyncDisposable
{
    private readonly ConnectionCacheSettings settings;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Destination> destinations = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<Idle> idle = new();
    private readonly ConcurrentDictionary<Task, byte> closing = new();
    private readonly CancellationTokenSource stopping = new();
    private bool isDisposed;

    public ConnectionCache(ConnectionCacheSettings settings, TimeProvider time)
    {
        this.settings = settings;
        this.time = time;
        timer = time.CreateTimer(static state => ((ConnectionCache)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Idle connections now.</summary>
    public int IdleCount { get { lock (gate) return idle.Count; } }

    /// <summary>Waits for the right to use one connection to this host and port; dispose the slot to give it back.</summary>
    internal async ValueTask<ConnectionSlot> AcquireAsync(string key, CancellationToken cancellationToken)
    {
        Destination destination;
        lock (gate)
        {
            if (!destinations.TryGetValue(key, out destination!)) destinations.Add(key, destination = new Destination(key, settings.MaxPerDestination));
            destination.Users++;
        }

        try
        {
            await destination.Slots.WaitAsync(cancellationToken);
        }
        catch
        {
            lock (gate) Leave(destination);
            throw;
        }

        return new ConnectionSlot(this, destination);
    }

    /// <summary>The connection that was used last, or null.</summary>
    internal SmtpConnection? Take(Destination destination)
    {
        lock (gate)
        {
            if (destination.Idle.Count == 0) return null;
            LinkedListNode<Idle> node = destination.Idle[^1];
            destination.Idle.RemoveAt(destination.Idle.Count - 1);
            idle.Remove(node);
            return node.Value.Connection;
        }
    }

    /// <summary>Keeps a connection for the next message if it is good for one; otherwise closes it in the background.</summary>
    internal void Keep(Destination destination, SmtpConnection connection)
    {
        SmtpConnection? surplus = null;
        lock (gate)
        {
            if (isDisposed || settings.MaxIdle <= 0 || !connection.Session.IsUsable || connection.Session.Transactions >= settings.MaxMessages) surplus = connection;
            else
            {
                destination.Idle.Add(idle.AddLast(new Idle(connection, destination, time.GetTimestamp())));
                if (idle.Count > settings.MaxIdle) surplus = RemoveOldest();
                if (idle.Count == 1) Arm();
            }
        }

        if (surplus is not null) Close(surplus);
    }

    internal void Release(Destination destination)
    {
        destination.Slots.Release();
        lock (gate) Leave(destination);
    }

    /// <summary>Says goodbye without letting anybody wait for it: some peers never answer QUIT (reference: observed above 40 seconds).</summary>
    internal void Close(SmtpConnection connection)
    {
        Task task = CloseAsync(connection);
        if (task.IsCompleted) return;
        closing.TryAdd(task, 0);
        _ = task.ContinueWith(static (done, all) => ((ConcurrentDictionary<Task, byte>)all!).TryRemove(done, out _), closing, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Closes every idle connection; goodbyes that are still going on are cut short.</summary>
    public async ValueTask DisposeAsync()
    {
        List<SmtpConnection> left;
        lock (gate)
        {
            if (isDisposed) return;
            isDisposed = true;
            left = [.. idle.Select(i => i.Connection)];
            idle.Clear();
            destinations.Clear();
        }

        await timer.DisposeAsync();
        await using ITimer patience = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), stopping, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        await Task.WhenAll([.. left.Select(CloseAsync), .. closing.Keys]);
        stopping.Dispose();
    }

    private async Task CloseAsync(SmtpConnection connection)
    {
        await connection.Session.QuitAsync(stopping.Token);
        await connection.Session.DisposeAsync();
    }

    private void Expire()
    {
        List<SmtpConnection> old = [];
        lock (gate)
        {
            while (idle.First is { } first && time.GetElapsedTime(first.Value.Since) >= settings.MaxIdleTime) old.Add(RemoveOldest());
            if (idle.Count > 0 && !isDisposed) Arm();
        }

        foreach (SmtpConnection connection in old) Close(connection);
    }

    private void Arm()
    {
        TimeSpan left = settings.MaxIdleTime - time.GetElapsedTime(idle.First!.Value.Since);
        timer.Change(left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    // The oldest of all is also the oldest of its destination: both lists are in the order of arrival.
    private SmtpConnection RemoveOldest()
    {
        Idle oldest = idle.First!.Value;
        idle.RemoveFirst();
        oldest.Destination.Idle.RemoveAt(0);
        if (oldest.Destination is { Users: 0, Idle.Count: 0 }) destinations.Remove(oldest.Destination.Key);
        return oldest.Connection;
    }

    private void Leave(Destination destination)
    {
        destination.Users--;
        if (destination is { Users: 0, Idle.Count: 0 } && destinations.GetValueOrDefault(destination.Key) == destination) destinations.Remove(destination.Key);
    }

    internal sealed class Destination(string key, int slots)
    {
        public string Key { get; } = key;

        public SemaphoreSlim Slots { get; } = new(slots, slots);

        public List<LinkedListNode<Idle>> Idle { get; } = [];

        /// <summary>Attempts that hold a slot or wait for one.</summary>
        public int Users { get; set; }
    }

    internal sealed record Idle(SmtpConnection Connection, Destination Destination, long Since);
}
