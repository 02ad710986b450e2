using Postrider.Mail;
using Postrider.Queue;
using Postrider.Queue.Journal;
using Postrider.Queue.Running;
using Postrider.Testing;

namespace Postrider.Tests.Queue.Running;

public sealed class QueueRunnerTests : IAsyncLifetime
{
    private readonly ManualTimeProvider time = new();
    private readonly MemoryJournalDisk disk = new();
    private readonly ScriptedWorker worker = new();
    private readonly RecordingNotifier notifier;
    private readonly CancellationTokenSource stop = new();
    private readonly List<QueueTrouble> troubles = [];
    private JournalQueueStore store = null!;
    private QueueRunner runner = null!;
    private Task running = Task.CompletedTask;

    public QueueRunnerTests() => notifier = new RecordingNotifier(() => store);

    public async ValueTask InitializeAsync() => store = await JournalQueueStore.OpenAsync(disk, new JournalSettings { ReservedOctets = 0 }, time);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        while (!running.IsCompleted)
        {
            // Attempts that the test left unanswered are cancelled in time.
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await running;
        await store.DisposeAsync();
        stop.Dispose();
        disk.Dispose();
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_message_is_tried_as_soon_as_it_is_committed_and_gone_when_it_is_delivered()
    {
        Start();
        QueueId id = await PutAsync();
        Attempt attempt = await worker.NextAsync();
        Assert.Equal(id, attempt.Lease.Receipt.Id);
        attempt.Answer(RecipientStatus.Done);
        await UntilAsync(all => all.Count == 0);
        Assert.Empty(Assert.Single(notifier.Notices).Delayed);
    }

    [Fact]
    public async Task A_deferred_message_is_tried_again_after_an_interval_that_grows_up_to_its_limit()
    {
        Start(new QueueRunnerSettings { Warn = null, Retry = new QueueRetrySettings { MinInterval = Minutes(5), MaxInterval = Minutes(15) } });
        await PutAsync();
        foreach (int minutes in (int[])[5, 10, 15, 15])
        {
            DateTimeOffset at = time.GetUtcNow();
            (await worker.NextAsync()).Answer(RecipientStatus.Deferred);
            QueueEntry entry = Assert.Single(await UntilAsync(all => all is [{ IsLeased: false }]));
            Assert.Equal(at + Minutes(minutes), entry.Due);
            Assert.Equal(at, entry.LastAttempt);
            time.Advance(Minutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Equal(0, worker.Waiting);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(4, (await ListAsync())[0].Attempts);
        (await worker.NextAsync()).Answer(RecipientStatus.Done);
    }

    [Fact]
    public async Task Silence_about_a_recipient_means_deferred_and_the_others_are_recorded()
    {
        Start();
        await PutAsync("a@example.org", "b@example.org", "c@example.org");
        (await worker.NextAsync()).Answer(new AttemptOutcome(1, RecipientStatus.Done, null, "Sent"));
        QueueEntry entry = Assert.Single(await UntilAsync(all => all is [{ IsLeased: false }]));
        Assert.Equal([RecipientStatus.Deferred, RecipientStatus.Done, RecipientStatus.Deferred], entry.Recipients.Select(r => r.Status));
    }

    [Fact]
    public async Task An_exception_of_the_worker_defers_everybody_with_the_reason_in_one_line()
    {
        Start();
        await PutAsync("a@example.org", "b@example.org");
        (await worker.NextAsync()).Throw(new InvalidOperationException("no\r\nsuch luck"));
        QueueEntry entry = Assert.Single(await UntilAsync(all => all is [{ IsLeased: false }]));
        Assert.All(entry.Recipients, r => Assert.Equal((RecipientStatus.Deferred, "Deferred: no  such luck"), (r.Status, r.Message)));
        Assert.Contains(troubles, t => t.Exception is InvalidOperationException);
    }

    [Fact]
    public async Task Recipients_that_are_final_are_not_changed_by_a_later_attempt()
    {
        Start();
        await PutAsync("a@example.org", "b@example.org");
        (await worker.NextAsync()).Answer(new AttemptOutcome(0, RecipientStatus.Done, null, "Sent"));
        await UntilAsync(all => all is [{ IsLeased: false }]);
        time.Advance(Minutes(5));
        (await worker.NextAsync()).Answer(new AttemptOutcome(0, RecipientStatus.Failed, null, "no"), new AttemptOutcome(7, RecipientStatus.Failed, null, "no"));
        QueueEntry entry = Assert.Single(await UntilAsync(all => all is [{ IsLeased: false, Attempts: 2 }]));
        Assert.Equal([RecipientStatus.Done, RecipientStatus.Deferred], entry.Recipients.Select(r => r.Status));
        Assert.Equal(2, troubles.Count);
    }

    [Fact]
    public async Task A_delay_is_warned_about_once_after_four_hours_and_only_those_who_may_be_told()
    {
        Start();
        await PutAsync(Envelope(
            new QueueRecipient(ForwardPath.Of("a@example.org")),
            new QueueRecipient(ForwardPath.Of("b@example.org")) { Notify = DsnNotify.Failure },
            new QueueRecipient(ForwardPath.Of("c@example.org")) { Notify = DsnNotify.Delay }));
        DateTimeOffset arrival = time.GetUtcNow();
        while (time.GetUtcNow() < arrival + TimeSpan.FromHours(9))
        {
            (await worker.NextAsync()).Answer(RecipientStatus.Deferred);
            await UntilAsync(all => all is [{ IsLeased: false }]);
            AdvanceTo((await ListAsync())[0].Due);
        }

        QueueNotice warning = Assert.Single(notifier.Notices);
        Assert.Equal([0, 2], warning.Delayed);
        Assert.Equal(arrival + TimeSpan.FromHours(4), warning.AttemptedAt);
        Assert.Equal(arrival + TimeSpan.FromDays(5), warning.RetryUntil);
        Assert.True((await ListAsync())[0].WarningSent);
    }

    [Fact]
    public async Task Neither_a_null_reverse_path_nor_a_notification_is_warned_about()
    {
        Start(new QueueRunnerSettings { Warn = Minutes(1), Retry = new QueueRetrySettings { MinInterval = Minutes(2) } });
        await PutAsync(Envelope() with { ReversePath = ReversePath.Null });
        await PutAsync(Envelope() with { IsNotification = true });
        for (int i = 0; i < 4; i++)
        {
            (await worker.NextAsync()).Answer(RecipientStatus.Deferred);
            if (i % 2 == 0) continue;
            await UntilAsync(all => all.All(e => !e.IsLeased && e.Attempts == (i / 2) + 1));
            time.Advance(Minutes(2));
        }

        Assert.Empty(notifier.Notices);
    }

    [Fact]
    public async Task After_five_days_a_deferral_is_a_failure_with_4_4_7_and_the_bounce_comes_with_it()
    {
        Start(new QueueRunnerSettings { Warn = null });
        notifier.Writes = true;
        QueueId id = await PutAsync();
        DateTimeOffset arrival = time.GetUtcNow();
        while (notifier.Notices.IsEmpty)
        {
            (await worker.NextAsync()).Answer(new AttemptOutcome(0, RecipientStatus.Deferred, new EnhancedStatusCode(4, 4, 1), "Deferred: Connection refused"));
            IReadOnlyList<QueueEntry> all = await UntilAsync(a => a.All(e => !e.IsLeased) || !notifier.Notices.IsEmpty);
            if (notifier.Notices.IsEmpty) AdvanceTo(all[0].Due);
        }

        Assert.True(notifier.Notices.TryPeek(out QueueNotice? notice));
        ExpiredOutcome expired = Assert.IsType<ExpiredOutcome>(Assert.Single(notice.Outcomes));
        Assert.Equal((new EnhancedStatusCode(4, 4, 7), "Message could not be delivered for 5 days", "Deferred: Connection refused"), (expired.Enhanced!.Value, expired.Message!, expired.Last!.Message!));
        Assert.Equal(arrival + TimeSpan.FromDays(5), notice.AttemptedAt);
        Attempt bounce = await worker.NextAsync();
        Assert.NotEqual(id, bounce.Lease.Receipt.Id);
        Assert.True(bounce.Lease.Entry.Envelope.IsNotification);
        bounce.Answer(RecipientStatus.Done);
        await UntilAsync(all => all.Count == 0);
    }

    [Fact]
    public async Task A_failure_that_cannot_be_told_is_not_recorded_and_is_met_again()
    {
        Start();
        notifier.Fails = true;
        await PutAsync("a@example.org", "b@example.org");
        (await worker.NextAsync()).Answer(new AttemptOutcome(0, RecipientStatus.Failed, new EnhancedStatusCode(5, 1, 1), "User unknown"), new AttemptOutcome(1, RecipientStatus.Done, null, "Sent"));
        QueueEntry entry = Assert.Single(await UntilAsync(all => all is [{ IsLeased: false }]));
        Assert.Equal([RecipientStatus.Deferred, RecipientStatus.Done], entry.Recipients.Select(r => r.Status));
        notifier.Fails = false;
        time.Advance(Minutes(5));
        (await worker.NextAsync()).Answer(new AttemptOutcome(0, RecipientStatus.Failed, new EnhancedStatusCode(5, 1, 1), "User unknown"));
        await UntilAsync(all => all.Count == 0);
        Assert.Equal(RecipientStatus.Failed, notifier.Notices.Last().Outcomes[0].Status);
    }

    [Fact]
    public async Task An_outcome_that_the_store_does_not_take_is_offered_again()
    {
        Start();
        await PutAsync();
        Attempt attempt = await worker.NextAsync();
        disk.Failure = (_, _) => MemoryJournalDisk.NoSpace();
        TaskCompletionSource told = new();
        runner.Trouble += _ => told.TrySetResult();
        attempt.Answer(RecipientStatus.Done);
        await told.Task.WaitAsync(Patience);
        Assert.Single(await ListAsync());
        disk.Failure = null;
        await UntilAsync(all =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return all.Count == 0;
        });
        Assert.Equal(0, worker.Waiting);
    }

    [Fact]
    public async Task No_more_attempts_run_at_once_than_allowed()
    {
        Start(new QueueRunnerSettings { MaxAttempts = 3 });
        for (int i = 0; i < 10; i++) await PutAsync();
        List<Attempt> first = [await worker.NextAsync(), await worker.NextAsync(), await worker.NextAsync()];
        Assert.Equal(3, runner.Running);
        Assert.Equal(3, (await ListAsync()).Count(e => e.IsLeased));
        foreach (Attempt attempt in first) attempt.Answer(RecipientStatus.Done);
        for (int i = 0; i < 7; i++) (await worker.NextAsync()).Answer(RecipientStatus.Done);
        await UntilAsync(all => all.Count == 0);
    }

    [Fact]
    public async Task A_lease_is_renewed_while_the_worker_works()
    {
        Start(new QueueRunnerSettings { Lease = Minutes(3) });
        await PutAsync();
        Attempt attempt = await worker.NextAsync();
        for (int i = 0; i < 20; i++)
        {
            time.Advance(Minutes(1));
            await UntilAsync(all => all is [{ IsLeased: true }]);
        }

        attempt.Answer(RecipientStatus.Done);
        await UntilAsync(all => all.Count == 0);
    }

    [Fact]
    public async Task A_queue_run_tries_what_matches_once_though_it_is_not_due()
    {
        Start();
        QueueId one = await PutAsync("a@example.org");
        await PutAsync("b@example.net");
        for (int i = 0; i < 2; i++) (await worker.NextAsync()).Answer(RecipientStatus.Deferred);
        await UntilAsync(all => all.All(e => !e.IsLeased && e.Attempts == 1));
        time.Advance(Minutes(1));
        Task run = runner.RunNowAsync(new QueueFilter { RecipientContains = "@example.org" });
        Attempt attempt = await worker.NextAsync();
        Assert.Equal(one, attempt.Lease.Receipt.Id);
        Assert.False(run.IsCompleted);
        attempt.Answer(RecipientStatus.Deferred);
        await run.WaitAsync(Patience);
        Assert.Equal([2, 1], (await ListAsync()).Select(e => e.Attempts));
        Assert.Equal(0, worker.Waiting);
    }

    [Fact]
    public async Task A_stop_waits_for_attempts_under_way()
    {
        Start();
        await PutAsync();
        Attempt attempt = await worker.NextAsync();
        await stop.CancelAsync();
        await PutAsync();
        Assert.False(running.IsCompleted);
        attempt.Answer(RecipientStatus.Done);
        await running.WaitAsync(Patience);
        Assert.Equal(0, Assert.Single(await ListAsync()).Attempts);
    }

    [Fact]
    public async Task A_stop_cancels_attempts_that_take_too_long_and_gives_their_leases_back_untried()
    {
        Start(new QueueRunnerSettings { StopWithin = TimeSpan.FromSeconds(10) });
        await PutAsync();
        Attempt attempt = await worker.NextAsync();
        await stop.CancelAsync();
        while (!attempt.Cancelled.IsCancellationRequested)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        attempt.Throw(new OperationCanceledException(attempt.Cancelled));
        await running.WaitAsync(Patience);
        QueueEntry entry = Assert.Single(await ListAsync());
        Assert.Equal((false, 0), (entry.IsLeased, entry.Attempts));
        Assert.Single(await store.TakeDueAsync(1, Minutes(1), null, CancellationToken.None));
    }

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);

    private void Start(QueueRunnerSettings? settings = null)
    {
        runner = new QueueRunner(store, worker, notifier, settings ?? new QueueRunnerSettings(), time);
        runner.Trouble += t => { lock (troubles) troubles.Add(t); };
        running = Task.Run(() => runner.RunAsync(stop.Token));
    }

    private QueueEnvelope Envelope(params QueueRecipient[] recipients) => new()
    {
        Id = store.NewId(),
        ArrivalTime = time.GetUtcNow(),
        ReversePath = ReversePath.Of("alice@example.net"),
        Recipients = recipients.Length == 0 ? [new QueueRecipient(ForwardPath.Of("bob@example.org"))] : [.. recipients],
    };

    private Task<QueueId> PutAsync(params string[] recipients) => PutAsync(Envelope([.. recipients.Select(r => new QueueRecipient(ForwardPath.Of(r)))]));

    private async Task<QueueId> PutAsync(QueueEnvelope envelope)
    {
        await using IQueueDraft draft = store.BeginDraft();
        await draft.AppendAsync("Subject: x\r\n\r\nbody\r\n"u8.ToArray(), CancellationToken.None);
        await draft.CommitAsync(envelope, null, CancellationToken.None);
        return envelope.Id;
    }

    private async Task<IReadOnlyList<QueueEntry>> ListAsync() => await store.ListAsync(QueueFilter.Everything, CancellationToken.None);

    private void AdvanceTo(DateTimeOffset instant) => time.Advance(instant - time.GetUtcNow());

    /// <summary>Until the store is so. The runner works on its own threads; the clock of the test does not move meanwhile.</summary>
    private async Task<IReadOnlyList<QueueEntry>> UntilAsync(Func<IReadOnlyList<QueueEntry>, bool> condition)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            IReadOnlyList<QueueEntry> all = await ListAsync();
            if (condition(all)) return all;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"never came true: {string.Join("; ", all)}; troubles: {string.Join("; ", troubles)}");
            await Task.Yield();
        }
    }
}
