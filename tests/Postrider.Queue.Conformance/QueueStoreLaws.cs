using System.Collections.Immutable;
using Postrider.Mail;
using Postrider.Testing;

namespace Postrider.Queue.Conformance;

/// <summary>The law of <see cref="IQueueStore"/>. Every store runs it.</summary>
public abstract class QueueStoreLaws : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    protected ManualTimeProvider Time { get; } = new();

    protected IQueueStore Store { get; private set; } = null!;

    /// <summary>The store as it was left; the one before is closed.</summary>
    protected abstract Task<IQueueStore> OpenAsync();

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual ValueTask CleanAsync() => ValueTask.CompletedTask;

    protected async Task RestartAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }

    [Fact]
    public async Task A_draft_is_invisible_until_it_is_committed()
    {
        await using IQueueDraft draft = Store.BeginDraft();
        await draft.AppendAsync(Messages.Content("a", 200_000), CancellationToken.None);
        Assert.Empty(await ListAsync());
        Assert.Null(await Store.TakeOneAsync(Minute));
        QueueId id = Store.NewId();
        await draft.CommitAsync(Messages.Envelope(id, Time.GetUtcNow()), null, CancellationToken.None);
        Assert.Equal(id, Assert.Single(await ListAsync()).Envelope.Id);
    }

    [Fact]
    public async Task A_draft_disposed_without_commit_never_was()
    {
        IQueueDraft draft = Store.BeginDraft();
        await draft.AppendAsync(Messages.Content("a", 200_000), CancellationToken.None);
        await draft.DisposeAsync();
        await RestartAsync();
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(65503)]
    [InlineData(65504)]
    [InlineData(65505)]
    [InlineData(1_000_003)]
    public async Task Content_comes_back_octet_by_octet_at_once_and_after_a_restart(int octets)
    {
        QueueId id = await Store.PutAsync(Time, octets);
        Assert.Equal(Messages.Content(id.Value, octets), await Store.ReadAsync(id));
        await RestartAsync();
        Assert.Equal(Messages.Content(id.Value, octets), await Store.ReadAsync(id));
        Assert.Equal(octets, (await Store.FindAsync(id))!.ContentOctets);
    }

    [Fact]
    public async Task Every_field_of_an_envelope_survives_a_restart()
    {
        QueueEnvelope envelope = new()
        {
            Id = Store.NewId(),
            ArrivalTime = new DateTimeOffset(2026, 11, 21, 3, 4, 5, TimeSpan.FromMinutes(-210)),
            ReversePath = ReversePath.Of("älice@example.net"),
            Recipients =
            [
                new QueueRecipient(ForwardPath.Of("bob@example.org")) { Notify = DsnNotify.Failure | DsnNotify.Delay, OriginalRecipient = new OriginalRecipient("rfc822", "Bob+1@example.org") },
                new QueueRecipient(ForwardPath.Of("carol")) { Notify = DsnNotify.Never, ExpandedFrom = ForwardPath.Of("list@example.org") },
                new QueueRecipient(ForwardPath.Of("dave")) { ExpandedFrom = ForwardPath.Of("list@example.org"), Owner = ReversePath.Of("owner-list@example.org") },
                new QueueRecipient(ForwardPath.Of("|/bin/cat")) { Controller = new RecipientController(":include:/home/dave/list", "dave"), Owner = ReversePath.Null },
                new QueueRecipient(ForwardPath.Of("/var/log/mail.all")) { Controller = new RecipientController("all@example.org", null) },
                new QueueRecipient(ForwardPath.Of("loop")) { Foregone = new ForegoneOutcome(ForegoneKind.Refused, "554 5.4.6 aliasing/forwarding loop broken") },
            ],
            Body = BodyType.EightBitMime,
            Return = DsnReturn.Headers,
            EnvelopeId = "QQ314159",
            Auth = "",
            DeliverBy = new DeliverBy(TimeSpan.FromSeconds(-120), ReturnWhenLate: true, Trace: true),
            ReceivedFrom = "client.example.net [192.0.2.1]",
            HopCount = 17,
            IsNotification = true,
            Macros = ImmutableDictionary<string, string>.Empty.Add("r", "ESMTP").Add("{daemon_flags}", ""),
        };
        await Store.PutAsync(envelope, Messages.Content("x", 10), new CommitOptions(Time.GetUtcNow() + Minute, "odd", Held: true));
        await RestartAsync();
        QueueEntry entry = Assert.Single(await ListAsync());
        Assert.Equal(
            envelope with { Recipients = [], Macros = entry.Envelope.Macros },
            entry.Envelope with { Recipients = [] });
        Assert.Equal(envelope.Recipients, entry.Envelope.Recipients);
        Assert.Equal(envelope.Macros.OrderBy(m => m.Key, StringComparer.Ordinal), entry.Envelope.Macros.OrderBy(m => m.Key, StringComparer.Ordinal));
        Assert.Equal(envelope.ArrivalTime.Offset, entry.Envelope.ArrivalTime.Offset);
        Assert.Equal(("odd", true, Time.GetUtcNow() + Minute), (entry.Quarantine, entry.IsHeld, entry.Due));
        Assert.All(entry.Recipients, r => Assert.Equal(RecipientState.Pending, r));
    }

    [Fact]
    public async Task The_null_reverse_path_stays_null()
    {
        QueueId id = Store.NewId();
        await Store.PutAsync(Messages.Envelope(id, Time.GetUtcNow()) with { ReversePath = ReversePath.Null }, default, null);
        await RestartAsync();
        Assert.True((await Store.FindAsync(id))!.Envelope.ReversePath.IsNull);
    }

    [Fact]
    public async Task An_id_that_is_in_the_store_cannot_be_committed_again()
    {
        QueueId id = await Store.PutAsync(Time, 10);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutAsync(Messages.Envelope(id, Time.GetUtcNow()), Messages.Content("other", 10), null));
        Assert.Equal(Messages.Content(id.Value, 10), await Store.ReadAsync(id));
    }

    [Fact]
    public async Task A_committed_draft_takes_nothing_more()
    {
        await using IQueueDraft draft = Store.BeginDraft();
        await draft.CommitAsync(Messages.Envelope(Store.NewId(), Time.GetUtcNow()), null, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => draft.AppendAsync(new byte[1], CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            draft.CommitAsync(Messages.Envelope(Store.NewId(), Time.GetUtcNow()), null, CancellationToken.None).AsTask());
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task What_is_due_is_taken_oldest_due_first_and_once()
    {
        List<QueueId> ids = [];
        for (int i = 0; i < 5; i++)
        {
            ids.Add(await Store.PutAsync(Time, 1));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        IReadOnlyList<QueueLease> first = await Store.TakeDueAsync(3, Minute, null, CancellationToken.None);
        IReadOnlyList<QueueLease> rest = await Store.TakeDueAsync(3, Minute, null, CancellationToken.None);
        Assert.Equal(ids, first.Concat(rest).Select(l => l.Receipt.Id));
        Assert.Empty(await Store.TakeDueAsync(3, Minute, null, CancellationToken.None));
        Assert.All(await ListAsync(), e => Assert.True(e.IsLeased));
        Assert.Equal(5, first.Concat(rest).Select(l => l.Receipt.Token).Distinct().Count());
    }

    [Fact]
    public async Task What_is_not_due_yet_is_not_taken_until_it_is()
    {
        QueueId id = Store.NewId();
        await Store.PutAsync(Messages.Envelope(id, Time.GetUtcNow()), default, new CommitOptions(Time.GetUtcNow() + Minute));
        Assert.Null(await Store.TakeOneAsync(Minute));
        Time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.Null(await Store.TakeOneAsync(Minute));
        Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(id, (await Store.TakeOneAsync(Minute))!.Receipt.Id);
    }

    [Fact]
    public async Task A_filter_takes_what_matches_even_before_it_is_due_but_neither_held_nor_quarantined_nor_leased()
    {
        DateTimeOffset later = Time.GetUtcNow() + Minute;
        QueueEnvelope early = Messages.Envelope(Store.NewId(), Time.GetUtcNow(), "bob@example.org");
        await Store.PutAsync(early, default, new CommitOptions(later));
        await Store.PutAsync(Messages.Envelope(Store.NewId(), Time.GetUtcNow(), "bob@EXAMPLE.org"), default, new CommitOptions(Held: true));
        await Store.PutAsync(Messages.Envelope(Store.NewId(), Time.GetUtcNow(), "bob@example.org"), default, new CommitOptions(Quarantine: "why"));
        await Store.PutAsync(Time, 0, "bob@elsewhere.net");
        QueueFilter filter = new() { RecipientContains = "@Example.ORG" };
        Assert.Equal(early.Id, Assert.Single(await Store.TakeDueAsync(10, Minute, filter, CancellationToken.None)).Receipt.Id);
        Assert.Empty(await Store.TakeDueAsync(10, Minute, filter, CancellationToken.None));
    }

    [Fact]
    public async Task A_lease_that_ran_out_is_taken_by_the_next_and_lost_to_the_first()
    {
        QueueId id = await Store.PutAsync(Time, 1);
        QueueLease first = (await Store.TakeOneAsync(Minute))!;
        Time.Advance(Minute);
        QueueLease second = (await Store.TakeOneAsync(Minute))!;
        Assert.Equal(id, second.Receipt.Id);
        Assert.NotEqual(first.Receipt.Token, second.Receipt.Token);
        QueueOutcome done = Messages.Outcome(RecipientStatus.Done, Time.GetUtcNow(), 0);
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.RecordAsync(first.Receipt, done, [], CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.ExtendAsync(first.Receipt, Minute, CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.ReleaseAsync(first.Receipt, null, CancellationToken.None).AsTask());
        await Store.RecordAsync(second.Receipt, done, [], CancellationToken.None);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task An_outcome_that_comes_late_is_still_recorded_when_nobody_took_the_entry_meanwhile()
    {
        await Store.PutAsync(Time, 1);
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        Time.Advance(Minute * 2);
        await Store.RecordAsync(lease.Receipt, Messages.Outcome(RecipientStatus.Done, Time.GetUtcNow(), 0), [], CancellationToken.None);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task An_extended_lease_lasts_from_now_on()
    {
        await Store.PutAsync(Time, 1);
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        Time.Advance(TimeSpan.FromSeconds(50));
        await Store.ExtendAsync(lease.Receipt, Minute, CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(await Store.TakeOneAsync(Minute));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await Store.TakeOneAsync(Minute));
    }

    [Fact]
    public async Task A_released_lease_gives_the_entry_back_unchanged_or_due_later()
    {
        QueueId id = await Store.PutAsync(Time, 1);
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        await Store.ReleaseAsync(lease.Receipt, null, CancellationToken.None);
        lease = (await Store.TakeOneAsync(Minute))!;
        await Store.ReleaseAsync(lease.Receipt, Time.GetUtcNow() + Minute, CancellationToken.None);
        Assert.Null(await Store.TakeOneAsync(Minute));
        await RestartAsync();
        QueueEntry entry = (await Store.FindAsync(id))!;
        Assert.Equal((0, Time.GetUtcNow() + Minute, false), (entry.Attempts, entry.Due, entry.IsLeased));
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.ReleaseAsync(lease.Receipt, null, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task After_a_restart_a_lease_is_void_and_its_receipt_is_refused()
    {
        QueueId id = await Store.PutAsync(Time, 1);
        QueueLease before = (await Store.TakeOneAsync(TimeSpan.FromDays(1)))!;
        await RestartAsync();
        QueueLease after = (await Store.TakeOneAsync(Minute))!;
        Assert.Equal(id, after.Receipt.Id);
        Assert.NotEqual(before.Receipt.Token, after.Receipt.Token);
        await Assert.ThrowsAsync<LeaseLostException>(() =>
            Store.RecordAsync(before.Receipt, Messages.Outcome(RecipientStatus.Done, Time.GetUtcNow(), 0), [], CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task An_outcome_changes_only_the_recipients_it_names_and_survives_a_restart()
    {
        QueueId id = await Store.PutAsync(Time, 1, "a@example.org", "b@example.org", "c@example.org");
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        DateTimeOffset tried = Time.GetUtcNow();
        QueueOutcome outcome = new()
        {
            Recipients = ImmutableDictionary<int, RecipientState>.Empty
                .Add(0, new RecipientState(RecipientStatus.Done))
                .Add(2, new RecipientState(RecipientStatus.Deferred, new EnhancedStatusCode(4, 4, 1), "Deferred: Connection refused by mx.example.org.")),
            Due = tried + Minute,
            AttemptedAt = tried,
            WarningSent = true,
        };
        await Store.RecordAsync(lease.Receipt, outcome, [], CancellationToken.None);
        await RestartAsync();
        QueueEntry entry = (await Store.FindAsync(id))!;
        Assert.Equal(
            [new RecipientState(RecipientStatus.Done), RecipientState.Pending, new RecipientState(RecipientStatus.Deferred, new EnhancedStatusCode(4, 4, 1), "Deferred: Connection refused by mx.example.org.")],
            entry.Recipients);
        Assert.Equal((1, tried, tried + Minute, true, false), (entry.Attempts, entry.LastAttempt!.Value, entry.Due, entry.WarningSent, entry.IsLeased));
        Assert.Equal(Messages.Content(id.Value, 1), await Store.ReadAsync(id));
        Assert.Null(await Store.TakeOneAsync(Minute));
        Time.Advance(Minute);
        Assert.NotNull(await Store.TakeOneAsync(Minute));
    }

    [Fact]
    public async Task When_every_recipient_is_final_the_entry_and_its_content_are_gone()
    {
        QueueId id = await Store.PutAsync(Time, 100_000, "a@example.org", "b@example.org");
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        await Store.RecordAsync(lease.Receipt, Messages.Outcome(RecipientStatus.Done, Time.GetUtcNow(), 0), [], CancellationToken.None);
        lease = (await Store.TakeOneAsync(Minute))!;
        await Store.RecordAsync(lease.Receipt, Messages.Outcome(RecipientStatus.Failed, Time.GetUtcNow(), 1), [], CancellationToken.None);
        Assert.Null(await Store.ReadAsync(id));
        await RestartAsync();
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Successors_come_into_being_with_the_outcome()
    {
        QueueId id = await Store.PutAsync(Time, 10);
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        QueueId small = Store.NewId();
        QueueId large = Store.NewId();
        await using IQueueDraft first = Store.BeginDraft();
        await first.AppendInPiecesAsync(Messages.Content(small.Value, 300));
        await using IQueueDraft second = Store.BeginDraft();
        await second.AppendInPiecesAsync(Messages.Content(large.Value, 300_000));
        await Store.RecordAsync(
            lease.Receipt,
            Messages.Outcome(RecipientStatus.Failed, Time.GetUtcNow(), 0),
            [new QueueSuccessor(first, Messages.Envelope(small, Time.GetUtcNow())), new QueueSuccessor(second, Messages.Envelope(large, Time.GetUtcNow()))],
            CancellationToken.None);
        await RestartAsync();
        Assert.Equal([small, large], (await ListAsync()).Select(e => e.Envelope.Id));
        Assert.Equal(Messages.Content(small.Value, 300), await Store.ReadAsync(small));
        Assert.Equal(Messages.Content(large.Value, 300_000), await Store.ReadAsync(large));
        Assert.Null(await Store.FindAsync(id));
    }

    [Fact]
    public async Task An_outcome_with_a_lost_lease_brings_no_successor()
    {
        await Store.PutAsync(Time, 10);
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        Time.Advance(Minute);
        await Store.TakeOneAsync(Minute);
        await using IQueueDraft draft = Store.BeginDraft();
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.RecordAsync(
            lease.Receipt,
            Messages.Outcome(RecipientStatus.Failed, Time.GetUtcNow(), 0),
            [new QueueSuccessor(draft, Messages.Envelope(Store.NewId(), Time.GetUtcNow()))],
            CancellationToken.None).AsTask());
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task A_held_entry_is_not_taken_until_it_is_freed()
    {
        QueueId id = await Store.PutAsync(Time, 1);
        Assert.True(await Store.SetHeldAsync(id, held: true, CancellationToken.None));
        Assert.Null(await Store.TakeOneAsync(Minute));
        await RestartAsync();
        Assert.True((await Store.FindAsync(id))!.IsHeld);
        Assert.Null(await Store.TakeOneAsync(Minute));
        Assert.True(await Store.SetHeldAsync(id, held: false, CancellationToken.None));
        Assert.NotNull(await Store.TakeOneAsync(Minute));
        Assert.False(await Store.SetHeldAsync(Store.NewId(), held: true, CancellationToken.None));
    }

    [Fact]
    public async Task A_quarantined_entry_is_not_taken_until_it_is_freed()
    {
        QueueId id = await Store.PutAsync(Time, 1);
        Assert.True(await Store.SetQuarantineAsync(id, "odd", CancellationToken.None));
        await RestartAsync();
        Assert.Equal("odd", (await Store.FindAsync(id))!.Quarantine);
        Assert.Null(await Store.TakeOneAsync(Minute));
        Assert.True(await Store.SetQuarantineAsync(id, null, CancellationToken.None));
        Assert.NotNull(await Store.TakeOneAsync(Minute));
        Assert.False(await Store.SetQuarantineAsync(Store.NewId(), null, CancellationToken.None));
    }

    [Fact]
    public async Task Holding_does_not_disturb_a_lease_and_keeps_what_is_deferred()
    {
        QueueId id = await Store.PutAsync(Time, 1);
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        Assert.True(await Store.SetHeldAsync(id, held: true, CancellationToken.None));
        await Store.RecordAsync(lease.Receipt, Messages.Outcome(RecipientStatus.Deferred, Time.GetUtcNow(), 0), [], CancellationToken.None);
        QueueEntry entry = (await Store.FindAsync(id))!;
        Assert.Equal((true, 1), (entry.IsHeld, entry.Attempts));
        Assert.Null(await Store.TakeOneAsync(Minute));
    }

    [Fact]
    public async Task Deleting_removes_an_entry_that_nobody_works_on()
    {
        QueueId id = await Store.PutAsync(Time, 1);
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        Assert.False(await Store.DeleteAsync(id, CancellationToken.None));
        await Store.ReleaseAsync(lease.Receipt, null, CancellationToken.None);
        Assert.True(await Store.DeleteAsync(id, CancellationToken.None));
        Assert.False(await Store.DeleteAsync(id, CancellationToken.None));
        await RestartAsync();
        Assert.Empty(await ListAsync());
        Assert.Null(await Store.ReadAsync(id));
    }

    [Fact]
    public async Task A_content_stream_stays_readable_when_its_entry_goes()
    {
        QueueId id = await Store.PutAsync(Time, 500_000);
        await using Stream stream = (await Store.OpenContentAsync(id, CancellationToken.None))!;
        byte[] head = new byte[1000];
        await stream.ReadExactlyAsync(head);
        await Store.DeleteAsync(id, CancellationToken.None);
        using MemoryStream rest = new();
        await stream.CopyToAsync(rest);
        Assert.Equal(Messages.Content(id.Value, 500_000), head.Concat(rest.ToArray()));
    }

    [Fact]
    public async Task Waiting_for_due_ends_with_a_commit()
    {
        Task waiting = Store.WaitForDueAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        await Store.PutAsync(Time, 1);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Waiting_for_due_ends_when_the_earliest_due_instant_passes()
    {
        await Store.PutAsync(Messages.Envelope(Store.NewId(), Time.GetUtcNow()), default, new CommitOptions(Time.GetUtcNow() + Minute));
        Task waiting = Store.WaitForDueAsync(CancellationToken.None).AsTask();
        Time.Advance(Minute - TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Waiting_for_due_ends_when_a_lease_runs_out_or_is_released()
    {
        await Store.PutAsync(Time, 1);
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        Task waiting = Store.WaitForDueAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        await Store.ReleaseAsync(lease.Receipt, null, CancellationToken.None);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        await Store.TakeOneAsync(Minute);
        waiting = Store.WaitForDueAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        Time.Advance(Minute);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(await Store.TakeOneAsync(Minute));
    }

    [Fact]
    public async Task Waiting_for_due_can_be_cancelled()
    {
        using CancellationTokenSource cancellation = new();
        Task waiting = Store.WaitForDueAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_list_is_ordered_by_arrival()
    {
        DateTimeOffset now = Time.GetUtcNow();
        QueueId second = Store.NewId();
        QueueId first = Store.NewId();
        await Store.PutAsync(Messages.Envelope(second, now + Minute), default, null);
        await Store.PutAsync(Messages.Envelope(first, now), default, null);
        Assert.Equal([first, second], (await ListAsync()).Select(e => e.Envelope.Id));
        await RestartAsync();
        Assert.Equal([first, second], (await ListAsync()).Select(e => e.Envelope.Id));
    }

    [Fact]
    public async Task Ids_have_sendmails_form_and_are_never_given_twice()
    {
        HashSet<string> seen = [];
        for (int run = 0; run < 3; run++)
        {
            for (int i = 0; i < 10_000; i++)
            {
                string id = Store.NewId().Value;
                Assert.Matches("^[0-9A-Za-z]{8}[0-9]{6}$", id);
                Assert.True(seen.Add(id), $"{id} was given twice");
            }

            await RestartAsync();
        }

        // 2026-11-21 12:00:00
        Assert.All(seen, id => Assert.StartsWith("6ALC", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_sessions_write_large_and_small_at_the_same_time()
    {
        int[] sizes = [0, 17, 4096, 70_000, 400_000];
        QueueId[] ids = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => Store.PutAsync(Time, sizes[i % sizes.Length]))));
        await RestartAsync();
        for (int i = 0; i < ids.Length; i++) Assert.Equal(Messages.Content(ids[i].Value, sizes[i % sizes.Length]), await Store.ReadAsync(ids[i]));
    }

    [Fact]
    public async Task Changes_of_one_entry_at_the_same_time_all_take_effect()
    {
        QueueId id = await Store.PutAsync(Time, 1);
        QueueLease lease = (await Store.TakeOneAsync(Minute))!;
        await Task.WhenAll(
            Task.Run(() => Store.SetHeldAsync(id, held: true, CancellationToken.None).AsTask()),
            Task.Run(() => Store.SetQuarantineAsync(id, "odd", CancellationToken.None).AsTask()),
            Task.Run(() => Store.RecordAsync(lease.Receipt, Messages.Outcome(RecipientStatus.Deferred, Time.GetUtcNow(), 0), [], CancellationToken.None).AsTask()));
        await RestartAsync();
        QueueEntry entry = (await Store.FindAsync(id))!;
        Assert.Equal((true, "odd", 1, RecipientStatus.Deferred), (entry.IsHeld, entry.Quarantine, entry.Attempts, entry.Recipients[0].Status));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Random_operations_do_what_the_model_does(int seed)
    {
        QueueModel model = new(seed);
        for (int i = 1; i <= 400; i++)
        {
            await model.StepAsync(Store, Time);
            if (i % 80 != 0) continue;
            await RestartAsync();
            model.Restarted();
            await model.CheckAsync(Store, Time);
        }
    }

    private async Task<IReadOnlyList<QueueEntry>> ListAsync() => await Store.ListAsync(QueueFilter.Everything, CancellationToken.None);
}
