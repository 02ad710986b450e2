using System.Threading.Channels;
using Postrider.Queue;
using Postrider.Queue.Running;

namespace Postrider.Tests.Queue.Running;

/// <summary>Each attempt waits until the test answers it.</summary>
internal sealed class ScriptedWorker : IQueueWorker
{
    private readonly Channel<Attempt> attempts = Channel.CreateUnbounded<Attempt>();

    public int Waiting => attempts.Reader.Count;

    public async ValueTask<IReadOnlyList<AttemptOutcome>> AttemptAsync(QueueLease lease, CancellationToken cancellationToken)
    {
        Attempt attempt = new(lease, cancellationToken);
        await attempts.Writer.WriteAsync(attempt, CancellationToken.None);
        return await attempt.Answered.WaitAsync(cancellationToken);
    }

    public async Task<Attempt> NextAsync() => await attempts.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
