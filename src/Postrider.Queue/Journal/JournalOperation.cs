using System.Threading.Tasks.Sources;

namespace Postrider.Queue.Journal;

/// <summary>Something that the writer brings to the disk, and somebody who waits for it.</summary>
internal abstract class JournalOperation : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> completion = new() { RunContinuationsAsynchronously = true };

    /// <summary>Completes only when on stable storage. Otherwise when handed to the kernel.</summary>
    public abstract bool IsDurable { get; }

    /// <summary>About how many octets it will write.</summary>
    public abstract int Octets { get; }

    /// <summary>Completes with the operation; awaited once.</summary>
    public ValueTask Completion => new(this, completion.Version);

    /// <summary>Adds its records to a batch that stands at <paramref name="offset"/> of the segment, and remembers where they are. Only octets; the index is not touched.</summary>
    public abstract void Place(Segment segment, ref long offset, List<ReadOnlyMemory<byte>> pieces);

    /// <summary>It is written (and durable, if it asks for that): the index learns it. Under the gate.</summary>
    public abstract void Apply(JournalIndex index);

    /// <summary>It is not written, and never will be. Under the gate.</summary>
    public abstract void Undo(JournalIndex index);

    /// <summary>Nothing of its memory is needed any more.</summary>
    public virtual void Release() { }

    /// <summary>Why it cannot be written any more; null: it can.</summary>
    public virtual QueueStoreUnavailableException? Obstacle => null;

    public void Complete() => completion.SetResult(true);

    public void Fail(Exception exception) => completion.SetException(exception);

    /// <summary>For the next use of the same object.</summary>
    protected void Reset() => completion.Reset();

    void IValueTaskSource.GetResult(short token) => completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => completion.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        completion.OnCompleted(continuation, state, token, flags);
}
