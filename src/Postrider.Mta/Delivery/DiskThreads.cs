using System.Collections.Concurrent;

namespace Postrider.Mta.Delivery;

/// <summary>A few threads for work that blocks on the disk, so that a slow fsync never holds a thread that sessions need. Work waits in line for them.</summary>
/// <remarks>Thread-safe. Threads start with the first work and live as long as the process; they do not keep it alive.</remarks>
internal sealed class DiskThreads(int count, string name)
{
    private readonly BlockingCollection<Action> line = [];
    private int started;

    /// <summary>Runs the work on one of the threads. Its exception is the task's.</summary>
    public Task RunAsync(Action work)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        line.Add(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        if (Volatile.Read(ref started) == 0 && Interlocked.Exchange(ref started, 1) == 0)
        {
            for (int i = 0; i < count; i++) new Thread(Work) { IsBackground = true, Name = name }.Start();
        }

        return done.Task;
    }

    private void Work()
    {
        foreach (Action work in line.GetConsumingEnumerable()) work();
    }
}
