using Postrider.Queue;
using Postrider.Queue.Running;

namespace Postrider.Tests.Queue.Running;

internal sealed class Attempt(QueueLease lease, CancellationToken cancelled)
{
    private readonly TaskCompletionSource<IReadOnlyList<AttemptOutcome>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public QueueLease Lease { get; } = lease;

    public CancellationToken Cancelled { get; } = cancelled;

    public Task<IReadOnlyList<AttemptOutcome>> Answered => answer.Task;

    /// <summary>The same for every open recipient.</summary>
    public void Answer(RecipientStatus status) => Answer(
        [.. Enumerable.Range(0, Lease.Entry.Recipients.Length).Where(i => !Lease.Entry.Recipients[i].IsFinal).Select(i => new AttemptOutcome(i, status, null, status.ToString()))]);

    public void Answer(params AttemptOutcome[] outcomes) => answer.SetResult(outcomes);

    public void Throw(Exception exception) => answer.SetException(exception);
}
