using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Postrider.Queue.Journal;

/// <summary>The embedded store: a journal in one directory, for one process.</summary>
/// <remarks>
/// One fdatasync serves every session that commits while the one before runs. Memory: an index of all entries with their envelopes, and two pieces of 64 KiB at
/// most for each open draft. Leases are in memory: after a restart they are void. An outcome that comes after its lease ran out is still
/// recorded if nobody has taken the entry meanwhile. Thread-safe.
/// </remarks>
public sealed class JournalQueueStore : IQueueStore
{
    /// <summary>Longest diagnostic of one recipient, and of all recipients of an entry, in characters.</summary>
    private const int MaxMessage = 400;
    private const int MaxMessages = 4 << 20;

    private static readonly ImmutableArray<RecipientState> OnePending = [RecipientState.Pending];

    private readonly TimeProvider time;
    private readonly JournalStorage storage;
    private readonly JournalWriter writer;
    private readonly IDisposable directoryLock;
    private readonly QueueIdSource ids;
    private ulong lastSerial;
    private ulong lastToken;
    private bool disposed;

    private JournalQueueStore(IJournalDisk disk, JournalSettings settings, TimeProvider time, JournalLoader loaded, IDisposable directoryLock)
    {
        this.time = time;
        this.directoryLock = directoryLock;
        Index = new JournalIndex(time);
        Mark = loaded.Mark ?? BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
        Recovery = loaded.Recovery;
        foreach (JournalEntry entry in loaded.Entries)
        {
            if (Index.TryReserve(entry)) Index.Reconsider(entry);
        }

        storage = new JournalStorage(disk, settings, Index, loaded, Mark);
        ids = new QueueIdSource(time, storage.Epoch);

        // 2^24 openings, 2^40 drafts and leases in each.
        lastSerial = storage.Epoch << 40;
        lastToken = storage.Epoch << 40;
        writer = new JournalWriter(storage, new JournalReclaim(storage, Index, QuarantineDamaged), Index);
    }

    /// <summary>Raised when something on the disk is found damaged while the store runs; what opening found stands in <see cref="Recovery"/>. On any thread; must return soon.</summary>
    public event Action<JournalDamage>? DamageFound;

    /// <summary>What opening found.</summary>
    public JournalRecovery Recovery { get; }

    internal JournalIndex Index { get; }

    internal ulong Mark { get; }

    /// <summary>Opens the journal in a directory, making it when it is not there.</summary>
    /// <exception cref="QueueStoreInUseException">Another process has it open.</exception>
    /// <exception cref="QueueStoreUnavailableException">It cannot be read, or what was found cannot be brought to stable storage.</exception>
    public static Task<JournalQueueStore> OpenAsync(string directory, JournalSettings? settings, TimeProvider time) => Task.Run(() =>
    {
        try
        {
            return Open(new DirectoryJournalDisk(directory), settings ?? JournalSettings.Default, time);
        }
        catch (IOException e)
        {
            throw JournalStorage.Unavailable(e);
        }
    });

    /// <inheritdoc cref="OpenAsync(string, JournalSettings?, TimeProvider)"/>
    /// <param name="disk">Belongs to the store from now on.</param>
    public static Task<JournalQueueStore> OpenAsync(IJournalDisk disk, JournalSettings? settings, TimeProvider time) => Task.Run(() =>
    {
        try
        {
            return Open(disk, settings ?? JournalSettings.Default, time);
        }
        catch (IOException e)
        {
            throw JournalStorage.Unavailable(e);
        }
    });

    public QueueId NewId() => ids.Next();

    public IQueueDraft BeginDraft()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new JournalDraft(this, Interlocked.Increment(ref lastSerial));
    }

    public ValueTask<IReadOnlyList<QueueLease>> TakeDueAsync(int max, TimeSpan lease, QueueFilter? filter, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lease, TimeSpan.Zero);
        cancellationToken.ThrowIfCancellationRequested();
        List<QueueLease> taken = [];
        lock (Index.Gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (filter is null)
            {
                while (taken.Count < max && Index.PopDue(now) is { } entry) taken.Add(Lease(entry, now + lease));
            }
            else
            {
                Index.ExpireLeases(now);
                foreach (JournalEntry entry in Index.Entries.Where(e => IsFree(e, now) && filter.Matches(e.Snapshot)).OrderBy(e => e.Snapshot.Due).ThenBy(e => e.Serial).Take(max).ToArray())
                {
                    taken.Add(Lease(entry, now + lease));
                }
            }
        }

        return new ValueTask<IReadOnlyList<QueueLease>>(taken);
    }

    public ValueTask WaitForDueAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        lock (Index.Gate) return new ValueTask(Index.WaitForDueAsync(cancellationToken));
    }

    public ValueTask ExtendAsync(LeaseReceipt receipt, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (Index.Gate)
        {
            Index.Lease(Leased(receipt), receipt.Token, time.GetUtcNow() + lease);
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask RecordAsync(LeaseReceipt receipt, QueueOutcome outcome, IReadOnlyList<QueueSuccessor> successors, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ChangeAsync(() => Leased(receipt), entry => Apply(entry.Snapshot, outcome), endsLease: true, successors);
    }

    public async ValueTask ReleaseAsync(LeaseReceipt receipt, DateTimeOffset? due, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (due is { } at)
        {
            await ChangeAsync(() => Leased(receipt), entry => entry.Snapshot with { Due = at }, endsLease: true, []);
            return;
        }

        lock (Index.Gate) Index.EndLease(Leased(receipt));
    }

    public ValueTask<Stream?> OpenContentAsync(QueueId id, CancellationToken cancellationToken)
    {
        lock (Index.Gate)
        {
            return new ValueTask<Stream?>(Index.Find(id) is { } entry ? new JournalContentStream(entry, Mark, ContentDamaged) : null);
        }
    }

    public ValueTask<IReadOnlyList<QueueEntry>> ListAsync(QueueFilter filter, CancellationToken cancellationToken)
    {
        List<(ulong Serial, QueueEntry Entry)> found = [];
        lock (Index.Gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            foreach (JournalEntry entry in Index.Entries)
            {
                if (!entry.IsCommitted || !filter.Matches(entry.Snapshot)) continue;
                found.Add((entry.Serial, entry.IsLeasedAt(now) ? entry.Snapshot with { IsLeased = true } : entry.Snapshot));
            }
        }

        return new ValueTask<IReadOnlyList<QueueEntry>>([.. found.OrderBy(f => f.Entry.Envelope.ArrivalTime).ThenBy(f => f.Serial).Select(f => f.Entry)]);
    }

    public ValueTask<bool> SetHeldAsync(QueueId id, bool held, CancellationToken cancellationToken) =>
        TryChangeAsync(() => Index.Find(id), entry => entry.Snapshot with { IsHeld = held });

    public ValueTask<bool> SetQuarantineAsync(QueueId id, string? reason, CancellationToken cancellationToken) =>
        TryChangeAsync(() => Index.Find(id), entry => entry.Snapshot with { Quarantine = reason });

    public ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken) =>
        TryChangeAsync(() => Index.Find(id) is { } entry && !entry.IsLeasedAt(time.GetUtcNow()) ? entry : null, _ => null);

    /// <summary>Brings what was submitted to the disk, writes a checkpoint and frees the directory. Open content streams stay readable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true)) return;
        await writer.StopAsync();
        storage.Close();
        Index.Dispose();
        storage.Dispose();
        directoryLock.Dispose();
    }

    internal void Submit(JournalOperation operation) => writer.Submit(operation);

    internal async ValueTask CommitAsync(JournalDraft draft, QueueEnvelope envelope, CommitOptions? options)
    {
        CommitPart part = Reserve(draft, envelope, options);
        try
        {
            TransactionOperation operation = new([part]);
            operation.Encode(Mark);
            Submit(operation);
            await operation.Completion;
        }
        catch (Exception e) when (e is not QueueStoreUnavailableException)
        {
            lock (Index.Gate) part.Undo(Index);
            throw;
        }
    }

    private static JournalQueueStore Open(IJournalDisk disk, JournalSettings settings, TimeProvider time)
    {
        IDisposable taken = disk.LockExclusively();
        try
        {
            JournalLoader loader = new(disk, writable: true);
            loader.Load();
            JournalQueueStore store = new(disk, settings, time, loader, taken);
            store.Mend(disk, loader);
            store.writer.Start();
            return store;
        }
        catch
        {
            taken.Dispose();
            disk.Dispose();
            throw;
        }
    }

    /// <summary>What was read may so far be only in the page cache: it is synced before anybody relies on it. The torn end is cut off, and a checkpoint
    /// remembers where the sound part ended, before a new segment begins.</summary>
    private void Mend(IJournalDisk disk, JournalLoader loader)
    {
        foreach (string name in loader.Dead) disk.Delete(name);
        foreach (string name in loader.Unreadable) JournalStorage.RemoveFile(disk, name, keepAside: true);
        if (disk.List().Contains(Checkpoint.NewName, StringComparer.Ordinal)) disk.Delete(Checkpoint.NewName);
        loader.TornSegment?.File.Truncate(loader.TornSegment.Length);
        foreach (Segment segment in storage.Segments)
        {
            if (!segment.IsAbandoned) segment.File.Sync();
        }

        disk.SyncDirectory();
        JournalRecovery found = Recovery;
        bool tells = found.TornOctets > 0 || found.Unfinished.Length > 0 || found.Damage.Length > 0;
        if (tells && storage.Segments.Count > 0) storage.CheckpointNow(storage.Segments[^1]);
        storage.TryBeginSegment();
    }

    private QueueLease Lease(JournalEntry entry, DateTimeOffset until)
    {
        ulong token = ++lastToken;
        Index.Lease(entry, token, until);
        return new QueueLease(new LeaseReceipt(entry.Snapshot.Envelope.Id, token), entry.Snapshot with { IsLeased = true }, until);
    }

    private static bool IsFree(JournalEntry entry, DateTimeOffset now) =>
        entry.IsCommitted && entry.Changing is null && !entry.Snapshot.IsHeld && entry.Snapshot.Quarantine is null && !entry.IsLeasedAt(now);

    private JournalEntry Leased(LeaseReceipt receipt) =>
        Index.Find(receipt.Id) is { } entry && entry.LeaseToken == receipt.Token ? entry : throw new LeaseLostException(receipt);

    private async ValueTask<bool> TryChangeAsync(Func<JournalEntry?> find, Func<JournalEntry, QueueEntry?> change)
    {
        bool found = false;
        await ChangeAsync(
            () =>
            {
                JournalEntry? entry = find();
                found = entry is not null;
                return entry;
            },
            change,
            endsLease: false,
            []);
        return found;
    }

    /// <summary>Changes one entry, after any change of it that is under way.</summary>
    /// <param name="find">Under the gate, again after each wait; null: nothing to change.</param>
    /// <param name="change">Under the gate; null: the entry goes.</param>
    private async ValueTask ChangeAsync(Func<JournalEntry?> find, Func<JournalEntry, QueueEntry?> change, bool endsLease, IReadOnlyList<QueueSuccessor> successors)
    {
        foreach (QueueSuccessor successor in successors) await Own(successor.Draft).WaitForPieceAsync();
        JournalEntry? entry;
        TransactionOperation? operation;
        CommitPart[] commits = [];
        while (true)
        {
            Task underWay;
            lock (Index.Gate)
            {
                entry = find();
                if (entry is null) return;
                if (entry.Changing is null)
                {
                    QueueEntry? after = change(entry);
                    commits = ReserveAll(successors);
                    operation = new TransactionOperation(entry, after, endsLease, commits);
                    entry.Changing = operation;
                    break;
                }

                underWay = entry.Changing.WhenSettled();
            }

            await underWay;
        }

        try
        {
            operation.Encode(Mark);
            Submit(operation);
        }
        catch
        {
            lock (Index.Gate) operation.Undo(Index);
            throw;
        }

        await operation.Completion;
    }

    private CommitPart[] ReserveAll(IReadOnlyList<QueueSuccessor> successors)
    {
        if (successors.Count == 0) return [];
        List<CommitPart> parts = [];
        try
        {
            foreach (QueueSuccessor successor in successors) parts.Add(Reserve(Own(successor.Draft), successor.Envelope, null));
        }
        catch
        {
            foreach (CommitPart part in parts) part.Undo(Index);
            throw;
        }

        return [.. parts];
    }

    private CommitPart Reserve(JournalDraft draft, QueueEnvelope envelope, CommitOptions? options)
    {
        if (envelope.Recipients.IsDefaultOrEmpty) throw new ArgumentException("an envelope has at least one recipient", nameof(envelope));
        QueueEntry snapshot = new()
        {
            Envelope = envelope,
            ContentOctets = draft.ContentOctets,
            Recipients = AllPending(envelope.Recipients.Length),
            Due = options?.Due ?? time.GetUtcNow(),
            IsHeld = options?.Held ?? false,
            Quarantine = options?.Quarantine,
        };
        JournalEntry entry = new(draft.Serial, snapshot);
        draft.Use(DraftStage.Committing);
        lock (Index.Gate)
        {
            if (Index.TryReserve(entry)) return new CommitPart(draft, entry);
        }

        draft.Settle(DraftStage.Open);
        throw new ArgumentException($"{envelope.Id} is in the queue already", nameof(envelope));
    }

    private JournalDraft Own(IQueueDraft draft) =>
        draft is JournalDraft own && ReferenceEquals(own.Store, this) ? own : throw new ArgumentException("the draft is of another store", nameof(draft));

    private static ImmutableArray<RecipientState> AllPending(int count)
    {
        if (count == 1) return OnePending;
        RecipientState[] states = new RecipientState[count];
        Array.Fill(states, RecipientState.Pending);
        return ImmutableArray.Create(states);
    }

    /// <summary>
    /// What next hops say is cut so that the states of all recipients stay far below what one record may hold: an entry that could be committed can always be deferred.
    /// </summary>
    private static RecipientState Bounded(RecipientState state, int recipients)
    {
        int most = Math.Min(MaxMessage, MaxMessages / recipients);
        return state.Message is { } message && message.Length > most ? state with { Message = message[..most] } : state;
    }

    private static QueueEntry? Apply(QueueEntry before, QueueOutcome outcome)
    {
        ImmutableArray<RecipientState>.Builder states = before.Recipients.ToBuilder();
        foreach ((int number, RecipientState state) in outcome.Recipients)
        {
            if ((uint)number >= (uint)states.Count) throw new ArgumentException($"there is no recipient {number}", nameof(outcome));
            states[number] = Bounded(state, states.Count);
        }

        ImmutableArray<RecipientState> after = states.ToImmutable();
        if (after.All(static s => s.IsFinal)) return null;
        return before with
        {
            Recipients = after,
            Due = outcome.Due,
            Attempts = before.Attempts + (outcome.AttemptedAt is null ? 0 : 1),
            LastAttempt = outcome.AttemptedAt ?? before.LastAttempt,
            WarningSent = before.WarningSent || outcome.WarningSent,
        };
    }

    private void ContentDamaged(QueueId id, ChunkPlace place)
    {
        JournalEntry? entry;
        lock (Index.Gate) entry = Index.Find(id);
        place.Segment!.IsDamaged = true;
        if (entry is not null) QuarantineDamaged(entry, $"content cannot be read from {place.Segment.Name} at {place.Offset}");
    }

    /// <summary>What cannot be read any more must not be delivered, and must not be lost silently either.</summary>
    private void QuarantineDamaged(JournalEntry entry, string what)
    {
        QueueId id = entry.Snapshot.Envelope.Id;
        _ = Task.Run(async () =>
        {
            DamageFound?.Invoke(new JournalDamage("", 0, 0, $"{id}: {what}; it is quarantined"));
            try
            {
                await SetQuarantineAsync(id, entry.Snapshot.Quarantine ?? "content damaged on disk", CancellationToken.None);
            }
            catch (Exception e) when (e is QueueStoreUnavailableException or ObjectDisposedException)
            {
                // Said already; found again at the next opening.
            }
        });
    }
}
