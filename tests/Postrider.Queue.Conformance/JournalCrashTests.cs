using Postrider.Queue.Journal;
using Postrider.Testing;

namespace Postrider.Queue.Conformance;

/// <summary>The power goes at every step of a busy journal, on a disk that keeps of the unsynced what it likes.</summary>
public sealed class JournalCrashTests
{
    private static readonly JournalSettings Small = new() { SegmentOctets = 8 << 10, ReservedOctets = 0, SpaceFactor = 1.5 };
    private readonly ManualTimeProvider time = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    public async Task Whatever_returned_is_there_after_a_crash_at_any_step(int seed, int sessions)
    {
        int step = 1;
        int certain = 0;
        while (true)
        {
            MemoryJournalDisk disk = new() { CrashAtStep = step };
            Expectations expectations = new();
            await RunUntilItEndsAsync(disk, expectations, (seed * 10_000) + step, sessions);
            if (!disk.HasCrashed)
            {
                Assert.DoesNotContain(Segment.NameOf(1), disk.List(), StringComparer.Ordinal);
                break;
            }

            Random random = new((seed * 7919) + step);
            MemoryJournalDisk after = disk.AfterCrash(random);

            // Every third time the power goes again while the journal is being opened.
            if (step % 3 == 0) after = await CrashWhileOpeningAsync(after, random);
            await CheckAsync(after, expectations, $"seed {seed}, {sessions} sessions, crash at step {step}");
            certain += expectations.Certain;
            step++;
        }

        Assert.True(step > 60, $"only {step} steps: the workload does not reach what it should");
        Assert.True(certain > step, "hardly anything was committed before the crashes: the test proves nothing");
    }

    [Fact]
    public async Task A_killed_process_leaves_everything_that_returned()
    {
        for (int step = 5; step < 200; step += 7)
        {
            MemoryJournalDisk disk = new() { CrashAtStep = step };
            Expectations expectations = new();
            await RunUntilItEndsAsync(disk, expectations, step, 4);
            await CheckAsync(disk.AfterKill(), expectations, $"killed at step {step}");
        }
    }

    private async Task RunUntilItEndsAsync(MemoryJournalDisk disk, Expectations expectations, int seed, int sessions)
    {
        JournalQueueStore store;
        try
        {
            store = await JournalQueueStore.OpenAsync(disk, Small, time);
        }
        catch (QueueStoreUnavailableException)
        {
            return;
        }

        Workload workload = new(expectations, time, seed, () => disk.HasCrashed);
        await workload.RunAsync(store, sessions, 32 / sessions);
        await store.DisposeAsync();
    }

    private async Task<MemoryJournalDisk> CrashWhileOpeningAsync(MemoryJournalDisk disk, Random random)
    {
        disk.CrashAtStep = random.Next(1, 12);
        try
        {
            JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, Small, time);
            await store.DisposeAsync();
        }
        catch (QueueStoreUnavailableException)
        {
            // Again.
        }

        return disk.HasCrashed ? disk.AfterCrash(random) : disk.AfterKill();
    }

    private async Task CheckAsync(MemoryJournalDisk disk, Expectations expectations, string when)
    {
        JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, Small, time);
        Assert.True(store.Recovery.Damage.IsEmpty, $"{when}: a crash is not damage: {string.Join("; ", store.Recovery.Damage)}");
        await expectations.CheckAsync(store, when);
        Assert.DoesNotContain(store.NewId().Value, expectations.UsedIds, StringComparer.Ordinal);

        // Leases are void: whatever is there can be taken. And the journal goes on: what comes now is kept too, with what was found.
        IReadOnlyList<QueueEntry> all = await store.ListAsync(QueueFilter.Everything, CancellationToken.None);
        IReadOnlyList<QueueLease> taken = await store.TakeDueAsync(1000, TimeSpan.FromHours(1), null, CancellationToken.None);
        Assert.Equal(all.Count(e => !e.IsHeld), taken.Count);
        await new Workload(expectations, time, 5, () => false).RunAsync(store, 2, 6);
        await store.DisposeAsync();
        await using JournalQueueStore again = await JournalQueueStore.OpenAsync(disk, Small, time);
        Assert.True(again.Recovery.Damage.IsEmpty, $"{when}: damage after a clean end: {string.Join("; ", again.Recovery.Damage)}");
        await expectations.CheckAsync(again, when + ", then a clean restart");
    }
}
