namespace Postrider.Queue.Running;

/// <summary>
/// Brings what is due to the worker and its outcomes back to the store, the same for every store. All time is here: retries with back-off, warnings, expiry, leases and
/// their renewal.
/// </summary>
/// <remarks>Several runners may work on one store. Thread-safe. <see cref="RunAsync"/> once in a life.</remarks>
public sealed class QueueRunner(IQueueStore store, IQueueWorker worker, IQueueNotifier notifier, QueueRunnerSettings settings, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ulong, RunningAttempt> running = [];
    private readonly Queue<QueueRun> runs = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>For the log. On any thread; must return soon and not throw.</summary>
    public event Action<QueueTrouble>? Trouble;

    /// <summary>Attempts under way.</summary>
    public int Running
    {
        get { lock (gate) return running.Count; }
    }

    /// <summary>A queue run (<c>sendmail -q</c>, <c>-qI</c>, <c>-qS</c>, <c>-qR</c>): each matching entry is tried once now, also one that is not due yet.</summary>
    /// <returns>When every entry of the run was tried; cancelled when the runner stops before.</returns>
    public Task RunNowAsync(QueueFilter filter)
    {
        lock (gate)
        {
            // One that was tried since the run began is through, whoever tried it.
            QueueRun run = new(filter with { NotTriedSince = time.GetUtcNow() });
            runs.Enqueue(run);
            Wake();
            return run.Completion.Task;
        }
    }

    /// <summary>Works until the token says stop; then lets attempts under way end within <see cref="QueueRunnerSettings.StopWithin"/>, and gives the other leases back.</summary>
    /// <returns>When nothing runs any more.</returns>
    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource attempts = new();
        using CancellationTokenSource renewing = new();
        Task renewal = RenewLeasesAsync(renewing.Token);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                int free = await WaitForRoomAsync(stop);
                IReadOnlyList<QueueLease> taken = await TakeAsync(free, stop);
                foreach (QueueLease lease in taken) Start(lease, attempts.Token);
                if (taken.Count == 0) await WaitForWorkAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }

        await StopAsync(attempts);
        await renewing.CancelAsync();
        await renewal;
        lock (gate)
        {
            foreach (QueueRun run in runs) run.Completion.TrySetCanceled(CancellationToken.None);
            runs.Clear();
        }
    }

    private async Task<IReadOnlyList<QueueLease>> TakeAsync(int free, CancellationToken stop)
    {
        try
        {
            // Neither waits for the other's end: a queue run has half of the room, what is due the rest.
            List<QueueLease> taken = [];
            while (taken.Count == 0 && CurrentRun() is { } run)
            {
                taken.AddRange(await store.TakeDueAsync((free + 1) / 2, settings.Lease, run.Filter, stop));
                if (taken.Count == 0) EndRun(run);
            }

            if (taken.Count < free) taken.AddRange(await store.TakeDueAsync(free - taken.Count, settings.Lease, null, stop));
            return taken;
        }
        catch (QueueStoreUnavailableException e)
        {
            Tell(null, "the queue cannot be read now", e);
            await Task.Delay(settings.RecordAgainAfter, time, stop);
        }

        return [];
    }

    private QueueRun? CurrentRun()
    {
        lock (gate) return runs.TryPeek(out QueueRun? run) ? run : null;
    }

    /// <summary>Nothing left to take for it; it is complete when what it took is through, and that is so when nothing runs that began before now.</summary>
    private void EndRun(QueueRun run)
    {
        Task[] underWay;
        lock (gate)
        {
            runs.Dequeue();
            underWay = [.. running.Values.Select(a => a.Task)];
        }

        _ = run.EndAfterAsync(underWay);
    }

    private async Task<int> WaitForRoomAsync(CancellationToken stop)
    {
        while (true)
        {
            Task change;
            lock (gate)
            {
                if (running.Count < settings.MaxAttempts) return settings.MaxAttempts - running.Count;
                change = changed.Task;
            }

            await change.WaitAsync(stop);
        }
    }

    private async Task WaitForWorkAsync(CancellationToken stop)
    {
        Task change;
        lock (gate)
        {
            if (runs.Count > 0) return;
            change = changed.Task;
        }

        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task due = store.WaitForDueAsync(waiting.Token).AsTask();
        await Task.WhenAny(due, change);
        await waiting.CancelAsync();
        try
        {
            await due;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // A queue run was asked for, or an attempt ended.
        }
    }

    private void Start(QueueLease lease, CancellationToken stopping)
    {
        RunningAttempt attempt = new(lease, stopping);
        lock (gate) running.Add(lease.Receipt.Token, attempt);
        attempt.Task = Task.Run(() => WorkAsync(attempt), CancellationToken.None);
    }

    private async Task WorkAsync(RunningAttempt attempt)
    {
        try
        {
            await AttemptAsync(attempt);
        }
        catch (LeaseLostException e)
        {
            Tell(attempt.Lease.Receipt.Id, "the lease was lost; the delivery may be repeated", e);
        }
        catch (Exception e)
        {
            Tell(attempt.Lease.Receipt.Id, "the attempt could not be recorded; the delivery may be repeated", e);
        }
        finally
        {
            lock (gate)
            {
                running.Remove(attempt.Lease.Receipt.Token);
                Wake();
            }

            attempt.Dispose();
        }
    }

    private async Task AttemptAsync(RunningAttempt attempt)
    {
        QueueLease lease = attempt.Lease;
        DateTimeOffset at = time.GetUtcNow();
        IReadOnlyList<AttemptOutcome> said;
        try
        {
            said = await worker.AttemptAsync(lease, attempt.Cancelled);
        }
        catch (OperationCanceledException) when (attempt.Cancelled.IsCancellationRequested)
        {
            await store.ReleaseAsync(lease.Receipt, null, CancellationToken.None);
            return;
        }
        catch (Exception e)
        {
            Tell(lease.Receipt.Id, "the attempt failed", e);
            said = AttemptResult.DeferAll(lease.Entry, e);
        }

        AttemptResult result = new(lease.Entry, said, settings, at, time.GetUtcNow());
        foreach (int stray in result.Stray) Tell(lease.Receipt.Id, $"an outcome for recipient {stray}, who is not open, is ignored", null);
        await RecordAsync(attempt, result);
    }

    /// <summary>Until the store takes it: what was delivered and is not recorded would be delivered again.</summary>
    private async Task RecordAsync(RunningAttempt attempt, AttemptResult result)
    {
        while (true)
        {
            IReadOnlyList<QueueSuccessor> successors = [];
            QueueOutcome outcome = result.Outcome;
            try
            {
                if (result.Notice is { } notice) successors = await notifier.NotifyAsync(notice, CancellationToken.None);
            }
            catch (Exception e)
            {
                Tell(attempt.Lease.Receipt.Id, "no notification could be written; who failed stays deferred", e);
                outcome = result.OutcomeWithoutNotice;
            }

            try
            {
                await store.RecordAsync(attempt.Lease.Receipt, outcome, successors, CancellationToken.None);
                return;
            }
            catch (QueueStoreUnavailableException e)
            {
                Tell(attempt.Lease.Receipt.Id, "the outcome cannot be recorded now; it is offered again", e);
            }
            finally
            {
                foreach (QueueSuccessor successor in successors) await successor.Draft.DisposeAsync();
            }

            await Task.Delay(settings.RecordAgainAfter, time, attempt.Cancelled);
        }
    }

    /// <summary>One timer for all attempts. An attempt whose lease was lost is cancelled: somebody else works on the entry.</summary>
    private async Task RenewLeasesAsync(CancellationToken end)
    {
        using PeriodicTimer timer = new(TimeSpan.FromTicks(Math.Max(settings.Lease.Ticks / 3, TimeSpan.TicksPerMillisecond)), time);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                RunningAttempt[] all;
                lock (gate) all = [.. running.Values];
                foreach (RunningAttempt attempt in all) await RenewAsync(attempt);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task RenewAsync(RunningAttempt attempt)
    {
        try
        {
            await store.ExtendAsync(attempt.Lease.Receipt, settings.Lease, CancellationToken.None);
        }
        catch (LeaseLostException)
        {
            bool stillRunning;
            lock (gate) stillRunning = running.ContainsKey(attempt.Lease.Receipt.Token);
            if (stillRunning) attempt.Cancel();
        }
        catch (QueueStoreUnavailableException e)
        {
            Tell(attempt.Lease.Receipt.Id, "the lease cannot be renewed now", e);
        }
    }

    private async Task StopAsync(CancellationTokenSource attempts)
    {
        if (await EndWithinAsync()) return;
        await attempts.CancelAsync();
        if (await EndWithinAsync()) return;
        Tell(null, $"{Running} attempts do not end; their leases are left to run out", null);
    }

    private async Task<bool> EndWithinAsync()
    {
        Task[] all;
        lock (gate) all = [.. running.Values.Select(a => a.Task)];
        if (all.Length == 0) return true;
        try
        {
            await Task.WhenAll(all).WaitAsync(settings.StopWithin, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Tell(QueueId? id, string what, Exception? exception) => Trouble?.Invoke(new QueueTrouble(id, what, exception));

    /// <summary>Under the gate.</summary>
    private void Wake()
    {
        changed.TrySetResult();
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
