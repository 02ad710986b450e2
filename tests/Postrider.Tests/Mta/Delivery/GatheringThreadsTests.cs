using System.Collections.Concurrent;
using Postrider.Mta.Delivery;

namespace Postrider.Tests.Mta.Delivery;

public sealed class GatheringThreadsTests : IDisposable
{
    private readonly ConcurrentQueue<int> batches = new();
    private readonly CountdownEvent done = new(10);

    [Fact]
    public void What_comes_while_a_thread_works_is_taken_together_and_never_more_than_the_limit()
    {
        using ManualResetEventSlim began = new(), release = new();
        GatheringThreads<int> threads = new(1, 6, TimeSpan.Zero, "test", pieces =>
        {
            began.Set();
            release.Wait();
            Note(pieces);
        });
        threads.Add(0);
        began.Wait(TestContext.Current.CancellationToken);
        for (int i = 1; i < 10; i++) threads.Add(i);
        release.Set();
        done.Wait(TestContext.Current.CancellationToken);
        Assert.Equal([1, 6, 3], batches);
    }

    [Fact]
    public void A_stream_of_work_is_gathered_up_to_the_limit()
    {
        using ManualResetEventSlim first = new();
        GatheringThreads<int> threads = new(1, 9, TimeSpan.FromMinutes(10), "test", pieces =>
        {
            Note(pieces);
            first.Set();
        });
        threads.Add(0);
        first.Wait(TestContext.Current.CancellationToken);
        for (int i = 1; i < 10; i++) threads.Add(i);
        done.Wait(TestContext.Current.CancellationToken);
        Assert.Equal([1, 9], batches);
    }

    public void Dispose() => done.Dispose();

    private void Note(List<int> pieces)
    {
        batches.Enqueue(pieces.Count);
        done.Signal(pieces.Count);
    }
}
