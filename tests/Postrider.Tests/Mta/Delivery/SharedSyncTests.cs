using Postrider.Mta.Delivery;

namespace Postrider.Tests.Mta.Delivery;

public sealed class SharedSyncTests
{
    private readonly SharedSync shared = new();

    [Fact]
    public async Task Who_comes_while_a_sync_runs_shares_the_next_one()
    {
        using ManualResetEventSlim first = new(), release = new();
        int syncs = 0;
        Task leader = Task.Run(() => shared.Sync("/m", () =>
        {
            Interlocked.Increment(ref syncs);
            first.Set();
            release.Wait();
        }));
        first.Wait(TestContext.Current.CancellationToken);
        CountdownEvent arrived = new(5);
        Task[] followers = [.. Enumerable.Range(0, 5).Select(_ => Task.Factory.StartNew(() =>
        {
            arrived.Signal();
            shared.Sync("/m", () => Interlocked.Increment(ref syncs));
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        arrived.Wait(TestContext.Current.CancellationToken);
        release.Set();
        await leader;
        await Task.WhenAll(followers);

        // One for the leader; who came while it ran is covered by later ones, never by the leader's.
        Assert.InRange(syncs, 2, 6);
    }

    [Fact]
    public void Failure_is_said_to_whose_turn_it_was_and_the_next_one_tries_for_himself()
    {
        Assert.Throws<IOException>(() => shared.Sync("/m", static () => throw new IOException("disk")));
        bool synced = false;
        shared.Sync("/m", () => synced = true);
        Assert.True(synced);
    }

    [Fact]
    public async Task Other_places_do_not_wait()
    {
        using ManualResetEventSlim first = new(), release = new();
        Task slow = Task.Run(() => shared.Sync("/slow", () =>
        {
            first.Set();
            release.Wait();
        }));
        first.Wait(TestContext.Current.CancellationToken);
        bool synced = false;
        shared.Sync("/other", () => synced = true);
        Assert.True(synced);
        release.Set();
        await slow;
    }
}
