using System.Globalization;
using Postrider.Queue;

namespace Postrider.Tests.Mta.Receiving;

/// <summary>A queue store that only takes: what was committed, with its content.</summary>
internal sealed class RecordingQueue : IQueueStore
{
    private int next;

    public List<(QueueEnvelope Envelope, CommitOptions? Options, byte[] Content)> Committed { get; } = [];

    /// <summary>False: octets are counted, not kept.</summary>
    public bool KeepsContent { get; set; } = true;

    public QueueStoreUnavailableException? FailsAtAppend { get; set; }

    public QueueStoreUnavailableException? FailsAtCommit { get; set; }

    public QueueId NewId() => new(string.Create(CultureInfo.InvariantCulture, $"6AKNGb{++next:00000000}"));

    public IQueueDraft BeginDraft() => new Draft(this);

    public ValueTask<IReadOnlyList<QueueLease>> TakeDueAsync(int max, TimeSpan lease, QueueFilter? filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask WaitForDueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ExtendAsync(LeaseReceipt receipt, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask RecordAsync(LeaseReceipt receipt, QueueOutcome outcome, IReadOnlyList<QueueSuccessor> successors, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ReleaseAsync(LeaseReceipt receipt, DateTimeOffset? due, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Stream?> OpenContentAsync(QueueId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueEntry>> ListAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> SetHeldAsync(QueueId id, bool held, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> SetQuarantineAsync(QueueId id, string? reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Draft(RecordingQueue queue) : IQueueDraft
    {
        private readonly MemoryStream content = new();

        public long ContentOctets => content.Length;

        public ValueTask AppendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
        {
            if (queue.FailsAtAppend is { } failure) throw failure;
            if (queue.KeepsContent) content.Write(octets.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask CommitAsync(QueueEnvelope envelope, CommitOptions? options, CancellationToken cancellationToken)
        {
            if (queue.FailsAtCommit is { } failure) throw failure;
            queue.Committed.Add((envelope, options, content.ToArray()));
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
