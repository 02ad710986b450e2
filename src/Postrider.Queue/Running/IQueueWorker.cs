namespace Postrider.Queue.Running;

/// <summary>What makes an attempt: routing and delivery, on the other side of the wall. Thread-safe: many attempts run at the same time.</summary>
/// <remarks>
/// The runner gives one entry at a time, oldest due first, at most <see cref="QueueRunnerSettings.MaxAttempts"/> at once, and knows nothing of destinations. Several entries for
/// one destination meet in the worker's connection cache, which keeps a connection for the next entry; fairness per destination (how many attempts
/// one destination may have, and that a slow one does not take all) also lives there, since only routing knows what a destination is: a worker
/// that cannot have a connection now answers Deferred at once instead of waiting in line.
/// </remarks>
public interface IQueueWorker
{
    /// <summary>Tries every recipient of the entry that is not final yet.</summary>
    /// <returns>What became of them. Silence means deferred; so does an exception, for everybody: give back what is known instead of throwing once anything was handed over.</returns>
    /// <param name="lease">Extended by the runner while this runs. Content: <see cref="IQueueStore.OpenContentAsync"/>.</param>
    /// <param name="cancellationToken">The runner stops, or the lease was lost. Stop soon; what was handed over must still be reported. Thrown as
    /// <see cref="OperationCanceledException"/> it means that nothing was handed over: the lease is given back, and no attempt is counted.</param>
    ValueTask<IReadOnlyList<AttemptOutcome>> AttemptAsync(QueueLease lease, CancellationToken cancellationToken);
}
