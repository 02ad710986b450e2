using System.Collections.Immutable;
using System.Net.Sockets;
using Postrider.Mta.Configuration;

namespace Postrider.Mta.Hosting;

/// <summary>The listening sockets of the daemon and their accept loops; a reload keeps those that stay, binds what is new, closes what is gone.</summary>
internal sealed class ListenerSet(DaemonLog log, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private Func<BoundListener, Socket, Task>? serve;
    private Action<Task>? track;
    private SemaphoreSlim? slots;
    private CancellationToken stop;

    public int Count
    {
        get { lock (gate) return entries.Count; }
    }

    public int Active
    {
        get { lock (gate) return entries.Sum(static entry => entry.Loop?.Active ?? 0); }
    }

    /// <exception cref="DaemonStartException">One cannot be bound; all are closed again by the caller.</exception>
    public void Bind(ImmutableArray<ListenerConfiguration> configurations)
    {
        foreach (ListenerConfiguration configuration in configurations) entries.Add(new Entry(BoundListener.Bind(configuration)));
    }

    /// <exception cref="DaemonStartException">Somebody else listens there.</exception>
    public void Listen()
    {
        foreach (Entry entry in entries) entry.Listener.Listen();
    }

    /// <summary>Accepts on all of them until <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task RunAsync(Func<BoundListener, Socket, Task> serveSession, SessionTracking tracking, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            serve = serveSession;
            track = tracking.Track;
            slots = tracking.Slots;
            stop = cancellationToken;
            foreach (Entry entry in entries) Start(entry);
        }

        await cancellationToken.WhenCancelled();
    }

    /// <exception cref="DaemonStartException">A new one cannot be bound; nothing has changed then.</exception>
    public void Rebind(ImmutableArray<ListenerConfiguration> configurations)
    {
        lock (gate)
        {
            List<Entry> next = [];
            List<Entry> added = [];
            try
            {
                foreach (ListenerConfiguration configuration in configurations)
                {
                    Entry? kept = entries.Find(entry => SameSocket(entry.Listener.Configuration, configuration));
                    if (kept is not null) next.Add(kept with { Listener = kept.Listener.With(configuration) });
                    else added.Add(new Entry(BoundListener.Bind(configuration)));
                }

                foreach (Entry entry in added) entry.Listener.Listen();
            }
            catch
            {
                foreach (Entry entry in added) entry.Listener.Dispose();
                throw;
            }

            foreach (Entry gone in entries.Where(entry => !next.Exists(kept => kept.Listener.Socket == entry.Listener.Socket)))
            {
                gone.Listener.Dispose();
                log.Say($"daemon {gone.Listener.Configuration.Name}: closed");
            }

            entries.Clear();
            entries.AddRange(next);
            entries.AddRange(added);
            foreach (Entry entry in added) Start(entry);
        }
    }

    public void Close()
    {
        lock (gate)
        {
            foreach (Entry entry in entries) entry.Listener.Dispose();
        }
    }

    public void Dispose() => Close();

    private static bool SameSocket(ListenerConfiguration one, ListenerConfiguration other) =>
        one.Port != 0 && one.Address == other.Address && one.Port == other.Port && one.IsIPv6 == other.IsIPv6 && one.Backlog == other.Backlog;

    private void Start(Entry entry)
    {
        Socket socket = entry.Listener.Socket;
        entry.Loop = new AcceptLoop(socket, slots, accepted => ServeAsync(socket, accepted), log.Say, time);
        _ = entry.Loop.RunAsync(track!, stop);
    }

    /// <summary>Under the configuration that is current for this socket now, not the one it was bound with.</summary>
    private Task ServeAsync(Socket socket, Socket accepted)
    {
        BoundListener? listener;
        lock (gate) listener = entries.Find(entry => entry.Listener.Socket == socket)?.Listener;
        return listener is null ? Task.CompletedTask : serve!(listener, accepted);
    }

    private sealed record Entry(BoundListener Listener)
    {
        public AcceptLoop? Loop { get; set; }
    }
}
