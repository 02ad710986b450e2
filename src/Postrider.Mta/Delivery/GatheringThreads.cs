using System.Diagnostics;

namespace Postrider.Mta.Delivery;

/// <summary>
/// A few threads for work that blocks on the disk. A thread that is free takes all that has come together meanwhile, up to a limit: the slower the disk, the more its syncs are shared.
/// While work follows on work, a thread lets more of it come together first; a single piece never waits.
/// </summary>
/// <param name="count">Threads. They start with the first work and live as long as the process; they do not keep it alive.</param>
/// <param name="most">Pieces of work that are taken at once.</param>
/// <param name="gather">How long a thread waits for more when its last work ended less than that ago.</param>
/// <param name="work">Does them all. Must not throw: each piece has its own way to fail.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class GatheringThreads<T>(int count, int most, TimeSpan gather, string name, Action<List<T>> work)
{
    private readonly object gate = new(); // not a Lock: it is waited on
    private readonly Queue<T> line = new();
    private bool started;

    public void Add(T piece)
    {
        lock (gate)
        {
            line.Enqueue(piece);
            Monitor.Pulse(gate);
            if (started) return;
            started = true;
        }

        for (int i = 0; i < count; i++) new Thread(Work) { IsBackground = true, Name = name }.Start();
    }

    private void Work()
    {
        List<T> taken = [];
        long ended = 0;
        while (true)
        {
            taken.Clear();
            lock (gate)
            {
                while (line.Count == 0) Monitor.Wait(gate);
                if (ended != 0 && Stopwatch.GetElapsedTime(ended) < gather) Gather();
                while (taken.Count < most && line.TryDequeue(out T? piece)) taken.Add(piece);
            }

            work(taken);
            ended = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Under the gate; each piece that comes wakes it.</summary>
    private void Gather()
    {
        long began = Stopwatch.GetTimestamp();
        while (line.Count < most && gather - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } left) Monitor.Wait(gate, left);
    }
}
