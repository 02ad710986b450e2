namespace Postrider.Queue.Running;

/// <summary>A queue run that somebody asked for.</summary>
internal sealed class QueueRun(QueueFilter filter)
{
    public QueueFilter Filter { get; } = filter;

    public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task EndAfterAsync(Task[] attempts)
    {
        await Task.WhenAll(attempts);
        Completion.TrySetResult();
    }
}
