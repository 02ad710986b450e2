namespace Postrider.Queue;

/// <summary>
/// The law of a queue: begin a draft, append content, commit; take what is due under a lease; record outcomes with the lease's receipt; extend; release;
/// list; hold, release, quarantine, delete. What survives a crash: every committed entry, every recorded outcome. At most one question may be open after a
/// crash: whether a delivery that was in flight is repeated. Never whether an accepted message exists.
/// </summary>
/// <remarks>
/// Thread-safe. Time (retries, timeouts, fairness, connection reuse) lives above, in the queue runner, the same for every store. Every implementation passes
/// tests/Postrider.Queue.Conformance. After a crash every lease of the embedded store is void; in a shared store it runs out.
/// </remarks>
public interface IQueueStore : IAsyncDisposable
{
    /// <summary>A new id, unique in this store, not yet an entry.</summary>
    QueueId NewId();

    IQueueDraft BeginDraft();

    /// <summary>Takes entries that are due, oldest due first, under a lease each. Empty when nothing is due. Never what is held, quarantined or leased.</summary>
    /// <param name="max">At most this many.</param>
    /// <param name="lease">How long the lease lasts unless extended.</param>
    /// <param name="filter">Only these; and then also entries that are not due yet (a queue run asked for by an operator). Null: what is due.</param>
    ValueTask<IReadOnlyList<QueueLease>> TakeDueAsync(int max, TimeSpan lease, QueueFilter? filter, CancellationToken cancellationToken);

    /// <summary>Completes when something is due: at once, or after a commit, a release, or the passing of the earliest due instant or of a lease. May complete spuriously.</summary>
    ValueTask WaitForDueAsync(CancellationToken cancellationToken);

    /// <summary>The lease lasts this long from now on. One that ran out can still be extended while nobody has taken the entry.</summary>
    /// <exception cref="LeaseLostException">Too late.</exception>
    ValueTask ExtendAsync(LeaseReceipt receipt, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Records an attempt's outcome, commits its successors with it, and ends the lease. When every recipient is final, the entry and its content are gone.
    /// A lease that ran out still counts while nobody has taken the entry: better a late outcome than a second delivery.</summary>
    /// <returns>When the outcome is on stable storage.</returns>
    /// <exception cref="LeaseLostException">Nothing was recorded.</exception>
    /// <exception cref="QueueStoreUnavailableException">Nothing was recorded; the lease stands until it runs out.</exception>
    ValueTask RecordAsync(LeaseReceipt receipt, QueueOutcome outcome, IReadOnlyList<QueueSuccessor> successors, CancellationToken cancellationToken);

    /// <summary>Gives a lease back without an attempt; due is unchanged unless given.</summary>
    /// <exception cref="LeaseLostException">Too late.</exception>
    ValueTask ReleaseAsync(LeaseReceipt receipt, DateTimeOffset? due, CancellationToken cancellationToken);

    /// <summary>The content of an entry, from its beginning, read-only, streamed. Not seekable. Readable while open, even when the entry goes.</summary>
    /// <returns>Null when there is no such entry.</returns>
    /// <remarks>Reading throws <see cref="QueueContentDamagedException"/> where the disk gives back something else than was written. CopyToAsync is the way without copies.</remarks>
    ValueTask<Stream?> OpenContentAsync(QueueId id, CancellationToken cancellationToken);

    /// <summary>A snapshot, ordered by arrival. An entry that is held, quarantined or leased is listed too.</summary>
    ValueTask<IReadOnlyList<QueueEntry>> ListAsync(QueueFilter filter, CancellationToken cancellationToken);

    /// <summary>Holds or frees an entry; an open lease is not disturbed. False when there is none.</summary>
    ValueTask<bool> SetHeldAsync(QueueId id, bool held, CancellationToken cancellationToken);

    /// <summary>Quarantines (reason) or frees (null). False when there is none.</summary>
    ValueTask<bool> SetQuarantineAsync(QueueId id, string? reason, CancellationToken cancellationToken);

    /// <summary>Removes an entry without notification. False when there is none, or somebody holds its lease.</summary>
    ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken);
}
