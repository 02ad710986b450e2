using Postrider.Queue.Journal;
using Postrider.Testing;

namespace Postrider.Queue.Conformance;

/// <summary>A disk that says no: what it refused is not there, what it took is, and the journal goes on when it can.</summary>
public sealed class JournalFailingDiskTests
{
    private static readonly JournalSettings Small = new() { SegmentOctets = 8 << 10, ReservedOctets = 0, SpaceFactor = 1.5 };
    private readonly ManualTimeProvider time = new();

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public async Task One_failure_at_any_step_loses_nothing_that_returned_and_keeps_nothing_that_failed(int sessions, bool full)
    {
        int refused = 0;
        for (int step = 2; ; step++)
        {
            MemoryJournalDisk disk = new();
            int failing = step;
            bool failed = false;
            disk.Failure = (at, _) =>
            {
                if (at != failing) return null;
                failed = true;
                return full ? MemoryJournalDisk.NoSpace() : MemoryJournalDisk.InputOutputError();
            };
            Expectations expectations = new();
            JournalQueueStore store = await OpenAsync(disk);
            Workload workload = new(expectations, time, step, () => false);
            await workload.RunAsync(store, sessions, 24 / sessions);
            refused += workload.Refused;
            string when = $"{sessions} sessions, failure at step {step}";
            await expectations.CheckAsync(store, when);
            Random random = new(step);
            MemoryJournalDisk crashed = disk.AfterCrash(random);
            await store.DisposeAsync();
            if (!failed) break;
            await CheckAsync(disk, expectations, when + ", then a restart");
            await CheckAsync(crashed, expectations, when + ", then a crash");
        }

        Assert.True(refused > 10, $"only {refused} operations met the failure");
    }

    [Fact]
    public async Task A_disk_that_fails_for_a_while_and_comes_back_serves_on()
    {
        for (int step = 6; step < 60; step += 3)
        {
            MemoryJournalDisk disk = new();
            int from = step;
            disk.Failure = (at, _) => at >= from && at < from + 9 ? MemoryJournalDisk.InputOutputError() : null;
            Expectations expectations = new();
            JournalQueueStore store = await OpenAsync(disk);
            Workload workload = new(expectations, time, step, () => false);
            await workload.RunAsync(store, 3, 12);
            await expectations.CheckAsync(store, $"failures from step {step}");
            QueueId id = await store.PutAsync(time, 5000);
            Assert.Equal(Messages.Content(id.Value, 5000), await store.ReadAsync(id));
            await store.DeleteAsync(id, CancellationToken.None);
            await store.DisposeAsync();
            await CheckAsync(disk, expectations, $"failures from step {step}, then a restart");
        }
    }

    [Fact]
    public async Task A_full_disk_is_said_to_be_full_and_drains()
    {
        MemoryJournalDisk disk = new() { Capacity = 400_000 };
        JournalQueueStore store = await OpenAsync(disk, Small with { ReservedOctets = 100_000 });
        List<QueueId> ids = [];
        QueueStoreUnavailableException? full = null;
        while (full is null)
        {
            try
            {
                ids.Add(await store.PutAsync(time, 10_000));
            }
            catch (QueueStoreUnavailableException e)
            {
                full = e;
            }

            Assert.True(ids.Count < 100, "the disk never fills");
        }

        Assert.True(full.IsDiskFull, "full is not said to be full");
        Assert.InRange(ids.Count, 20, 30);
        foreach (QueueLease lease in await store.TakeDueAsync(1000, TimeSpan.FromHours(1), null, CancellationToken.None))
        {
            await store.RecordAsync(lease.Receipt, Messages.Outcome(RecipientStatus.Done, time.GetUtcNow(), 0), [], CancellationToken.None);
        }

        ids.Clear();
        for (int i = 0; i < 15; i++) ids.Add(await store.PutAsync(time, 10_000));
        await store.DisposeAsync();
        await using JournalQueueStore again = await OpenAsync(disk, Small);
        Assert.Equal(ids, (await again.ListAsync(QueueFilter.Everything, CancellationToken.None)).Select(e => e.Envelope.Id));
    }

    [Fact]
    public async Task A_large_draft_whose_pieces_were_lost_by_a_failed_sync_is_refused_at_its_commit()
    {
        MemoryJournalDisk disk = new();
        await using JournalQueueStore store = await OpenAsync(disk, JournalSettings.Default);
        await using IQueueDraft draft = store.BeginDraft();
        await draft.AppendInPiecesAsync(Messages.Content("large", 300_000));
        disk.Failure = (_, kind) => kind == "sync" ? MemoryJournalDisk.InputOutputError() : null;
        await Assert.ThrowsAsync<QueueStoreUnavailableException>(() => store.PutAsync(time, 10));
        disk.Failure = null;
        QueueStoreUnavailableException e = await Assert.ThrowsAsync<QueueStoreUnavailableException>(async () =>
        {
            await draft.AppendInPiecesAsync(Messages.Content("more", 300_000));
            await draft.CommitAsync(Messages.Envelope(store.NewId(), time.GetUtcNow()), null, CancellationToken.None);
        });
        Assert.False(e.IsDiskFull);
        await store.PutAsync(time, 10);
    }

    private Task<JournalQueueStore> OpenAsync(MemoryJournalDisk disk, JournalSettings? settings = null) => JournalQueueStore.OpenAsync(disk, settings ?? Small, time);

    private async Task CheckAsync(MemoryJournalDisk disk, Expectations expectations, string when)
    {
        disk.Failure = null;
        await using JournalQueueStore store = await OpenAsync(disk);
        Assert.True(store.Recovery.Damage.IsEmpty, $"{when}: said to be damaged: {string.Join("; ", store.Recovery.Damage)}");
        await expectations.CheckAsync(store, when);
    }
}
