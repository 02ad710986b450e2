using System.Collections.Immutable;
using Postrider.Mail;
using Postrider.Queue.Journal;
using Postrider.Testing;

namespace Postrider.Queue.Conformance;

/// <summary>Space comes back, at a bounded price, and opening does not read what a checkpoint knows.</summary>
public sealed class JournalSpaceTests
{
    private static readonly JournalSettings Small = new() { SegmentOctets = 64 << 10, ReservedOctets = 0 };
    private readonly ManualTimeProvider time = new();
    private readonly MemoryJournalDisk disk = new();

    [Fact]
    public async Task A_queue_that_empties_leaves_next_to_nothing_on_the_disk()
    {
        await using JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, Small, time);
        for (int i = 0; i < 300; i++)
        {
            QueueId id = await store.PutAsync(time, 10_000);
            await store.DeleteAsync(id, CancellationToken.None);
        }

        // The last trims are on their way when the last delete returns; two more changes let them through.
        for (int i = 0; i < 2; i++) await store.DeleteAsync(await store.PutAsync(time, 1), CancellationToken.None);
        Assert.InRange(disk.UsedOctets, 0, 4 * Small.SegmentOctets);
    }

    [Fact]
    public async Task Few_survivors_do_not_keep_the_disk_full_and_stay_whole()
    {
        JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, Small, time);
        List<QueueId> stay = [];
        long written = 0;
        for (int i = 0; i < 600; i++)
        {
            int octets = i % 50 == 0 ? 130_000 : 9000;
            QueueId id = await store.PutAsync(time, octets);
            written += octets;
            if (i % 50 == 0) stay.Add(id);
            else await store.DeleteAsync(id, CancellationToken.None);
            if (i == 300) await DeferAsync(store, stay[2]);
        }

        // 12 x 130,000 live, and 2.5 times that plus four segments is the promise.
        Assert.InRange(disk.UsedOctets, 0, (long)(stay.Count * 131_000 * 2.5) + (6 * Small.SegmentOctets));
        Assert.True(written > 6_000_000, "too little was written for the test to mean anything");
        foreach (QueueId id in stay) Assert.Equal(Messages.Content(id.Value, 130_000), await store.ReadAsync(id));
        await store.DisposeAsync();
        await using JournalQueueStore again = await JournalQueueStore.OpenAsync(disk, Small, time);
        Assert.Empty(again.Recovery.Damage);
        Assert.Equal(stay, (await again.ListAsync(QueueFilter.Everything, CancellationToken.None)).Select(e => e.Envelope.Id));
        foreach (QueueId id in stay) Assert.Equal(Messages.Content(id.Value, 130_000), await again.ReadAsync(id));
        Assert.Equal(1, (await again.FindAsync(stay[2]))!.Attempts);
    }

    [Fact]
    public async Task A_draft_that_stays_open_while_its_segments_are_emptied_is_committed_whole()
    {
        JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, Small, time);
        QueueId slow = store.NewId();
        byte[] content = Messages.Content(slow.Value, 400_000);
        await using IQueueDraft draft = store.BeginDraft();
        await draft.AppendInPiecesAsync(content.AsMemory(0, 200_000));
        for (int i = 0; i < 400; i++) await store.DeleteAsync(await store.PutAsync(time, 9000), CancellationToken.None);
        Assert.DoesNotContain(Segment.NameOf(1), disk.List(), StringComparer.Ordinal);
        await draft.AppendInPiecesAsync(content.AsMemory(200_000));
        await draft.CommitAsync(Messages.Envelope(slow, time.GetUtcNow()), null, CancellationToken.None);
        Assert.Equal(content, await store.ReadAsync(slow));
        MemoryJournalDisk killed = disk.AfterKill();
        await store.DisposeAsync();
        await using JournalQueueStore again = await JournalQueueStore.OpenAsync(killed, Small, time);
        Assert.Equal(content, await again.ReadAsync(slow));
    }

    [Fact]
    public async Task A_stream_that_is_open_while_its_segment_is_emptied_reads_to_its_end()
    {
        await using JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, Small, time);
        QueueId id = await store.PutAsync(time, 300_000);
        await using Stream stream = (await store.OpenContentAsync(id, CancellationToken.None))!;
        for (int i = 0; i < 400; i++) await store.DeleteAsync(await store.PutAsync(time, 9000), CancellationToken.None);
        Assert.DoesNotContain(Segment.NameOf(1), disk.List(), StringComparer.Ordinal);
        using MemoryStream read = new();
        await stream.CopyToAsync(read);
        Assert.Equal(Messages.Content(id.Value, 300_000), read.ToArray());
    }

    [Fact]
    public async Task After_a_clean_end_nothing_is_replayed()
    {
        JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, Small, time);
        List<QueueId> ids = [];
        for (int i = 0; i < 100; i++) ids.Add(await store.PutAsync(time, 9000));
        await store.DisposeAsync();
        await using JournalQueueStore again = await JournalQueueStore.OpenAsync(disk, Small, time);
        Assert.Equal(0, again.Recovery.ReplayedOctets);
        Assert.Equal(ids, (await again.ListAsync(QueueFilter.Everything, CancellationToken.None)).Select(e => e.Envelope.Id));
    }

    [Fact]
    public async Task After_a_crash_only_the_tail_behind_the_checkpoint_is_replayed()
    {
        JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, Small, time);
        for (int i = 0; i < 400; i++) await store.PutAsync(time, 9000);
        MemoryJournalDisk killed = disk.AfterKill();
        await store.DisposeAsync();
        await using JournalQueueStore again = await JournalQueueStore.OpenAsync(killed, Small, time);
        Assert.Equal(400, again.Recovery.Entries);
        Assert.InRange(again.Recovery.ReplayedOctets, 1, 400 * 9000 / 2);
    }

    [Fact]
    public async Task Without_its_checkpoint_everything_is_found_in_the_segments_and_the_loss_is_said()
    {
        JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, Small, time);
        List<QueueId> ids = [];
        for (int i = 0; i < 100; i++)
        {
            ids.Add(await store.PutAsync(time, 9000));
            if (i % 3 == 0) await DeferAsync(store, ids[^1]);
            if (i % 3 == 1)
            {
                await store.DeleteAsync(ids[^1], CancellationToken.None);
                ids.RemoveAt(ids.Count - 1);
            }
        }

        await store.DisposeAsync();
        disk.Corrupt(Checkpoint.Name, 500, 8);
        await using JournalQueueStore again = await JournalQueueStore.OpenAsync(disk, Small, time);
        Assert.Contains(again.Recovery.Damage, d => d.File == Checkpoint.Name);
        Assert.Equal(ids, (await again.ListAsync(QueueFilter.Everything, CancellationToken.None)).Select(e => e.Envelope.Id));
        Assert.Equal(1, (await again.FindAsync(ids[0]))!.Attempts);
    }

    [Fact]
    public async Task Entry_with_very_many_recipients_and_long_diagnostics_can_always_be_deferred_and_found_again()
    {
        string[] recipients = [.. Enumerable.Range(0, 200_000).Select(static i => $"r{i}@x.example")];
        JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, null, time);
        QueueId id = await store.PutAsync(time, 100, recipients);
        IReadOnlyList<QueueLease> lease = await store.TakeDueAsync(1, TimeSpan.FromMinutes(1), null, CancellationToken.None);
        QueueOutcome outcome = new()
        {
            Recipients = Enumerable.Range(0, recipients.Length).ToImmutableDictionary(static i => i, static _ => new RecipientState(RecipientStatus.Deferred, new EnhancedStatusCode(4, 4, 1), new string('x', 2000))),
            Due = time.GetUtcNow(),
            AttemptedAt = time.GetUtcNow(),
        };
        await store.RecordAsync(lease[0].Receipt, outcome, [], CancellationToken.None);
        await store.PutAsync(time, 100);
        await store.DisposeAsync();
        await using JournalQueueStore again = await JournalQueueStore.OpenAsync(disk, null, time);
        Assert.Equal(2, (await again.ListAsync(QueueFilter.Everything, CancellationToken.None)).Count);
        Assert.All((await again.FindAsync(id))!.Recipients, static state => Assert.Equal(RecipientStatus.Deferred, state.Status));
    }

    private async Task DeferAsync(JournalQueueStore store, QueueId id)
    {
        IReadOnlyList<QueueLease> lease = await store.TakeDueAsync(1, TimeSpan.FromMinutes(1), new QueueFilter { IdContains = id.Value }, CancellationToken.None);
        await store.RecordAsync(lease[0].Receipt, Messages.Outcome(RecipientStatus.Deferred, time.GetUtcNow(), 0), [], CancellationToken.None);
    }
}
