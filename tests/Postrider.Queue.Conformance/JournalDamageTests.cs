using Postrider.Queue.Journal;
using Postrider.Testing;

namespace Postrider.Queue.Conformance;

/// <summary>A disk that forgets: only what was hit is lost, and it is said.</summary>
public sealed class JournalDamageTests
{
    private readonly ManualTimeProvider time = new();
    private readonly MemoryJournalDisk disk = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_bad_place_in_the_middle_hits_one_message_and_is_reported(bool cleanEnd)
    {
        (List<QueueId> ids, MemoryJournalDisk found) = await FillAsync(30, cleanEnd);
        found.Corrupt(Segment.NameOf(1), 60_000, 16);
        await using JournalQueueStore store = await JournalQueueStore.OpenAsync(found, null, time);
        List<QueueId> hit = [];
        foreach (QueueId id in ids)
        {
            Assert.NotNull(await store.FindAsync(id));
            try
            {
                Assert.Equal(Messages.Content(id.Value, 5000), await store.ReadAsync(id));
            }
            catch (QueueContentDamagedException e)
            {
                Assert.Equal(id, e.Id);
                hit.Add(id);
            }
        }

        QueueId one = Assert.Single(hit);
        if (!cleanEnd)
        {
            Assert.NotEmpty(store.Recovery.Damage);
            Assert.Contains(store.Recovery.Damage, d => d.What.Contains(one.Value, StringComparison.Ordinal));
            Assert.NotNull((await store.FindAsync(one))!.Quarantine);
        }
    }

    [Fact]
    public async Task Damage_found_while_running_is_told_and_the_entry_is_quarantined()
    {
        await using JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, null, time);
        QueueId id = await store.PutAsync(time, 5000);
        TaskCompletionSource<JournalDamage> told = new();
        store.DamageFound += d => told.TrySetResult(d);
        disk.Corrupt(Segment.NameOf(1), 6000, 1);
        await Assert.ThrowsAsync<QueueContentDamagedException>(() => store.ReadAsync(id));
        Assert.Contains(id.Value, (await told.Task.WaitAsync(TimeSpan.FromSeconds(30))).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_envelope_costs_that_message_and_no_other()
    {
        (List<QueueId> ids, MemoryJournalDisk found) = await FillAsync(30, cleanEnd: false);

        // Each message: batch record 32, content 5032, commit. The commit of the tenth lies behind its content.
        long commit = await FindCommitAsync(found, ids[10]);
        found.Corrupt(Segment.NameOf(1), commit + 50, 4);
        await using JournalQueueStore store = await JournalQueueStore.OpenAsync(found, null, time);
        Assert.NotEmpty(store.Recovery.Damage);
        Assert.Equal(ids.Where(i => i != ids[10]), (await store.ListAsync(QueueFilter.Everything, CancellationToken.None)).Select(e => e.Envelope.Id));
    }

    [Fact]
    public async Task A_segment_head_may_be_lost_in_one_of_its_copies_or_in_both()
    {
        foreach (int[] places in (int[][])[[0], [2048], [0, 2048]])
        {
            (List<QueueId> ids, MemoryJournalDisk found) = await FillAsync(10, cleanEnd: false);
            await (await JournalQueueStore.OpenAsync(found, null, time)).DisposeAsync();
            foreach (int place in places) found.Corrupt(Segment.NameOf(1), place + 10, 4);
            found.Lose(Checkpoint.Name);
            await using JournalQueueStore store = await JournalQueueStore.OpenAsync(found, null, time);
            Assert.Equal(ids, (await store.ListAsync(QueueFilter.Everything, CancellationToken.None)).Select(e => e.Envelope.Id));
            Assert.Equal(places.Length == 2, !store.Recovery.Damage.IsEmpty);
        }
    }

    [Fact]
    public async Task A_missing_segment_is_reported_with_the_messages_it_held()
    {
        JournalSettings small = new() { SegmentOctets = 20_000 };
        JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, small, time);
        for (int i = 0; i < 20; i++) await store.PutAsync(time, 5000);
        await store.DisposeAsync();
        disk.Lose(Segment.NameOf(2));
        await using JournalQueueStore again = await JournalQueueStore.OpenAsync(disk, small, time);
        Assert.Contains(again.Recovery.Damage, d => d.File == Segment.NameOf(2));
        IReadOnlyList<QueueEntry> entries = await again.ListAsync(QueueFilter.Everything, CancellationToken.None);
        Assert.Equal(20, entries.Count);
        Assert.InRange(entries.Count(e => e.Quarantine is not null), 2, 5);
    }

    [Fact]
    public async Task Content_that_looks_like_records_is_not_taken_for_records()
    {
        JournalQueueStore store = await JournalQueueStore.OpenAsync(disk, null, time);
        QueueId victim = await store.PutAsync(time, 100);
        byte[] forged = new byte[64];
        RecordHeader.Seal(forged, 0, 8, mark: 0x1122334455667788, RecordType.Trim, 1000, 0);
        QueueId attack = store.NewId();
        await store.PutAsync(Messages.Envelope(attack, time.GetUtcNow()), Enumerable.Repeat(forged, 500).SelectMany(f => f).ToArray(), null);
        MemoryJournalDisk killed = disk.AfterKill();
        await store.DisposeAsync();

        // The reader has to search for the next record within the attacker's content.
        killed.Corrupt(Segment.NameOf(1), 4600, 64);
        await using JournalQueueStore again = await JournalQueueStore.OpenAsync(killed, null, time);
        Assert.NotNull(await again.FindAsync(victim));
    }

    [Fact]
    public async Task A_second_opener_is_told_that_the_queue_is_in_use()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("postrider-queue-");
        await using (JournalQueueStore store = await JournalQueueStore.OpenAsync(directory.FullName, null, time))
        {
            QueueStoreInUseException e = await Assert.ThrowsAsync<QueueStoreInUseException>(() => JournalQueueStore.OpenAsync(directory.FullName, null, time));
            Assert.Contains(directory.FullName, e.Message, StringComparison.Ordinal);
        }

        await (await JournalQueueStore.OpenAsync(directory.FullName, null, time)).DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_journal_opens_on_a_full_disk_and_says_so_at_the_first_commit()
    {
        (List<QueueId> ids, MemoryJournalDisk found) = await FillAsync(3, cleanEnd: true);
        found.Capacity = found.UsedOctets;
        await using JournalQueueStore store = await JournalQueueStore.OpenAsync(found, null, time);
        Assert.Equal(Messages.Content(ids[1].Value, 5000), await store.ReadAsync(ids[1]));
        QueueStoreUnavailableException e = await Assert.ThrowsAsync<QueueStoreUnavailableException>(() => store.PutAsync(time, 10));
        Assert.True(e.IsDiskFull);
        found.Capacity = long.MaxValue;
        await store.PutAsync(time, 10);
    }

    private async Task<(List<QueueId> Ids, MemoryJournalDisk Found)> FillAsync(int messages, bool cleanEnd)
    {
        MemoryJournalDisk fresh = new();
        JournalQueueStore store = await JournalQueueStore.OpenAsync(fresh, null, time);
        List<QueueId> ids = [];
        for (int i = 0; i < messages; i++) ids.Add(await store.PutAsync(time, 5000));
        MemoryJournalDisk killed = fresh.AfterKill();
        await store.DisposeAsync();
        return (ids, cleanEnd ? fresh : killed);
    }

    private static async Task<long> FindCommitAsync(MemoryJournalDisk found, QueueId id)
    {
        using IJournalFile file = found.Open(Segment.NameOf(1), writable: false);
        SegmentHead head = SegmentHead.Read(file)!;
        using JournalScanner scanner = new(file, Segment.HeadOctets, file.Length, head.Mark);
        while (scanner.MoveNext())
        {
            if (scanner.Header.Type == RecordType.Transaction && scanner.Payload.Span.IndexOf(System.Text.Encoding.ASCII.GetBytes(id.Value)) >= 0) return scanner.Offset;
        }

        await Task.CompletedTask;
        throw new InvalidOperationException("the commit is not there");
    }
}
