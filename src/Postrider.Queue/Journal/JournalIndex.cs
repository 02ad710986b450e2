namespace Postrider.Queue.Journal;

/// <summary>What the journal holds, in memory: entries by id, what is due in order, leases, open drafts whose pieces are on disk.</summary>
/// <remarks>Every member is used under <see cref="Gate"/>. The queues of due instants and of leases keep stale members until they are met or become too many.</remarks>
internal sealed class JournalIndex(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, JournalEntry> entries = new(StringComparer.Ordinal);
    private readonly HashSet<JournalDraft> drafts = [];
    private readonly PriorityQueue<JournalEntry, (long Due, ulong Serial)> due = new();
    private readonly PriorityQueue<(JournalEntry Entry, ulong Token), long> leases = new();
    private readonly HashSet<DueWaiter> waiters = [];
    private ITimer? timer;
    private long timerAt = long.MaxValue;

    public Lock Gate { get; } = new();

    /// <summary>With those whose commit is on its way.</summary>
    public IEnumerable<JournalEntry> Entries => entries.Values;

    public IEnumerable<JournalDraft> Drafts => drafts;

    public int Count => entries.Count;

    public JournalEntry? Find(QueueId id) => entries.TryGetValue(id.Value, out JournalEntry? entry) && entry.IsCommitted ? entry : null;

    public bool TryReserve(JournalEntry entry) => entries.TryAdd(entry.Snapshot.Envelope.Id.Value, entry);

    public void Forget(JournalEntry entry) => entries.Remove(entry.Snapshot.Envelope.Id.Value);

    public void AddDraft(JournalDraft draft) => drafts.Add(draft);

    public void RemoveDraft(JournalDraft draft) => drafts.Remove(draft);

    /// <summary>The entry may have become takeable, or be so at another time.</summary>
    public void Reconsider(JournalEntry entry)
    {
        if (!entry.CanBeTaken) return;
        if (due.Count > 1024 && due.Count > entries.Count * 2) Rebuild();
        due.Enqueue(entry, (entry.Snapshot.Due.UtcTicks, entry.Serial));
        if (waiters.Count > 0) WakeOrArm();
    }

    public void Lease(JournalEntry entry, ulong token, DateTimeOffset until)
    {
        entry.LeaseToken = token;
        entry.LeaseUntil = until;
        leases.Enqueue((entry, token), until.UtcTicks);
    }

    public void EndLease(JournalEntry entry)
    {
        entry.LeaseToken = 0;
        Reconsider(entry);
    }

    /// <summary>A change of the entry is through. A lease that ran out meanwhile is looked at again.</summary>
    public void Settle(JournalEntry entry)
    {
        if (entry.LeaseToken != 0) leases.Enqueue((entry, entry.LeaseToken), entry.LeaseUntil.UtcTicks);
        if (entry.LeaseToken == 0) Reconsider(entry);
        else if (waiters.Count > 0) WakeOrArm();
    }

    /// <summary>The next entry that is due, not in the due queue any more; null: none.</summary>
    public JournalEntry? PopDue(DateTimeOffset now)
    {
        ExpireLeases(now);
        while (due.TryPeek(out JournalEntry? entry, out (long Due, ulong Serial) key))
        {
            if (IsCurrent(entry, key.Due))
            {
                if (key.Due > now.UtcTicks) return null;
                due.Dequeue();
                return entry;
            }

            due.Dequeue();
        }

        return null;
    }

    public void ExpireLeases(DateTimeOffset now)
    {
        while (leases.TryPeek(out (JournalEntry Entry, ulong Token) lease, out long until) && until <= now.UtcTicks)
        {
            leases.Dequeue();
            JournalEntry entry = lease.Entry;
            if (entry.LeaseToken != lease.Token || entry.Changing is not null) continue;
            if (entry.LeaseUntil > now) leases.Enqueue(lease, entry.LeaseUntil.UtcTicks);
            else OfferWithoutEndingLease(entry);
        }
    }

    public Task WaitForDueAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (NextInstant() <= time.GetUtcNow().UtcTicks) return Task.CompletedTask;
        DueWaiter waiter = new(this, cancellationToken);
        waiters.Add(waiter);
        WakeOrArm();
        return waiter.Task;
    }

    public void Dispose()
    {
        lock (Gate)
        {
            timer?.Dispose();
            timer = null;
            foreach (DueWaiter waiter in waiters) waiter.End();
            waiters.Clear();
        }
    }

    private bool IsCurrent(JournalEntry entry, long key) =>
        entry.Snapshot.Due.UtcTicks == key
        && entry.IsCommitted && entry.Changing is null && !entry.Snapshot.IsHeld && entry.Snapshot.Quarantine is null
        && (entry.LeaseToken == 0 || entry.LeaseUntil <= time.GetUtcNow())
        && entries.TryGetValue(entry.Snapshot.Envelope.Id.Value, out JournalEntry? known) && ReferenceEquals(known, entry);

    /// <summary>A lease that ran out is offered to others, but its holder may still come with an outcome until somebody takes the entry.</summary>
    private void OfferWithoutEndingLease(JournalEntry entry)
    {
        due.Enqueue(entry, (entry.Snapshot.Due.UtcTicks, entry.Serial));
        if (waiters.Count > 0) WakeOrArm();
    }

    private long NextInstant()
    {
        DateTimeOffset now = time.GetUtcNow();
        ExpireLeases(now);
        while (due.TryPeek(out JournalEntry? entry, out (long Due, ulong Serial) key))
        {
            if (IsCurrent(entry, key.Due)) break;
            due.Dequeue();
        }

        long next = due.TryPeek(out _, out (long Due, ulong Serial) first) ? first.Due : long.MaxValue;
        return leases.TryPeek(out _, out long until) ? Math.Min(next, until) : next;
    }

    private void WakeOrArm()
    {
        long next = NextInstant();
        long now = time.GetUtcNow().UtcTicks;
        if (next > now && next != long.MaxValue && next != timerAt)
        {
            timerAt = next;
            timer ??= time.CreateTimer(static index => ((JournalIndex)index!).TimerFired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

            // A timer counts time passed, a due instant is a time of day. When the clock was moved between reading it and setting the timer, set it again; and
            // look again at least every ten minutes, for the clock may be set while the timer runs.
            DateTimeOffset set;
            do
            {
                set = time.GetUtcNow();
                TimeSpan wait = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(TimeSpan.FromTicks(next - set.UtcTicks).TotalMilliseconds), 0, LongestTimer.TotalMilliseconds));
                timer.Change(wait, Timeout.InfiniteTimeSpan);
            }
            while (time.GetUtcNow() - set > TimeSpan.FromMilliseconds(100));
            now = set.UtcTicks;
        }

        if (next > now) return;
        timerAt = long.MaxValue;
        foreach (DueWaiter waiter in waiters) waiter.End();
        waiters.Clear();
    }

    private void TimerFired()
    {
        lock (Gate)
        {
            timerAt = long.MaxValue;
            if (waiters.Count > 0) WakeOrArm();
        }
    }

    private void Rebuild()
    {
        due.Clear();
        foreach (JournalEntry entry in entries.Values)
        {
            if (IsCurrent(entry, entry.Snapshot.Due.UtcTicks)) due.Enqueue(entry, (entry.Snapshot.Due.UtcTicks, entry.Serial));
        }
    }

    /// <summary>Somebody who waits. Cancelled, it leaves.</summary>
    private sealed class DueWaiter : TaskCompletionSource
    {
        private readonly CancellationTokenRegistration registration;

        public DueWaiter(JournalIndex index, CancellationToken cancellationToken) : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            registration = cancellationToken.UnsafeRegister(
                (_, token) =>
                {
                    lock (index.Gate) index.waiters.Remove(this);
                    TrySetCanceled(token);
                },
                null);
        }

        public void End()
        {
            registration.Unregister();
            TrySetResult();
        }
    }
}
