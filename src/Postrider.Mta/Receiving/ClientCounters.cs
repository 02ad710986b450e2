using System.Net;

namespace Postrider.Mta.Receiving;

/// <summary>How many sessions a client has, and how many it and all clients began within the window: <c>${client_connections}</c>, <c>${client_rate}</c>, <c>${total_rate}</c>. One for the life of the daemon; thread-safe.</summary>
/// <remarks>The window moves in six steps, as sendmail's does. Clients that have no session and began none in the window are forgotten.</remarks>
/// <param name="window">ConnectionRateWindowSize. Default in sendmail: 60 seconds.</param>
public sealed class ClientCounters(TimeProvider time, TimeSpan window)
{
    private const int Steps = 6;
    private const int SweepAt = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, Counter> clients = [];
    private readonly Counter total = new();
    private readonly long start = time.GetTimestamp();
    private int sweepAt = SweepAt;

    /// <summary>A session of this client begins; <see cref="End"/> it.</summary>
    public (int Connections, int Rate, int TotalRate) Begin(IPAddress client)
    {
        lock (gate)
        {
            long step = Step();
            if (!clients.TryGetValue(client, out Counter? counter))
            {
                if (clients.Count >= sweepAt) Sweep(step);
                clients.Add(client, counter = new Counter());
            }

            counter.Open++;
            return (counter.Open, counter.Count(step), total.Count(step));
        }
    }

    public void End(IPAddress client)
    {
        lock (gate)
        {
            if (clients.TryGetValue(client, out Counter? counter) && counter.Open > 0) counter.Open--;
        }
    }

    private long Step() => (long)(time.GetElapsedTime(start) / (window / Steps));

    private void Sweep(long step)
    {
        foreach ((IPAddress client, Counter counter) in clients)
        {
            if (counter.Open == 0 && counter.IsQuiet(step)) clients.Remove(client);
        }

        // A flood from very many addresses is not swept at each of them.
        sweepAt = Math.Max(SweepAt, clients.Count * 2);
    }

    private sealed class Counter
    {
        private readonly int[] began = new int[Steps];
        private long last;

        public int Open { get; set; }

        public bool IsQuiet(long step) => step - last >= Steps;

        public int Count(long step)
        {
            for (long passed = Math.Max(last + 1, step - Steps + 1); passed <= step; passed++) began[passed % Steps] = 0;
            last = step;
            began[step % Steps]++;
            return began.Sum();
        }
    }
}
