namespace Postrider.Queue.Running;

/// <summary>An attempt under way.</summary>
internal sealed class RunningAttempt(QueueLease lease, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly Lock gate = new();
    private bool disposed;

    public QueueLease Lease { get; } = lease;

    public CancellationToken Cancelled => cancellation.Token;

    public Task Task { get; set; } = Task.CompletedTask;

    public void Cancel()
    {
        lock (gate)
        {
            if (!disposed) cancellation.Cancel();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            cancellation.Dispose();
        }
    }
}
