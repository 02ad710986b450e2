using System.Text;
using Postrider.Queue;

namespace Postrider.Tests.Mta.Notification;

/// <summary>A queue that holds the content of one message and takes drafts: what a notifier and a worker use of a store.</summary>
internal sealed class OneMessageStore(string content) : IQueueStore
{
    private int ids;

    public List<TakenDraft> Drafts { get; } = [];

    /// <summary>Drafts refuse to take anything.</summary>
    public bool IsFull { get; set; }

    public int Opened { get; private set; }

    public QueueId NewId() => new($"6AKReport{++ids:00000}");

    public IQueueDraft BeginDraft()
    {
        TakenDraft draft = new(IsFull);
        Drafts.Add(draft);
        return draft;
    }

    public ValueTask<Stream?> OpenContentAsync(QueueId id, CancellationToken cancellationToken)
    {
        Opened++;
        return new ValueTask<Stream?>(new MemoryStream(Encoding.Latin1.GetBytes(content), writable: false));
    }

    public ValueTask<IReadOnlyList<QueueLease>> TakeDueAsync(int max, TimeSpan lease, QueueFilter? filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask WaitForDueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ExtendAsync(LeaseReceipt receipt, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask RecordAsync(LeaseReceipt receipt, QueueOutcome outcome, IReadOnlyList<QueueSuccessor> successors, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ReleaseAsync(LeaseReceipt receipt, DateTimeOffset? due, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueEntry>> ListAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> SetHeldAsync(QueueId id, bool held, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> SetQuarantineAsync(QueueId id, string? reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal sealed class TakenDraft(bool isFull) : IQueueDraft
    {
        private readonly MemoryStream octets = new();

        public bool IsDisposed { get; private set; }

        public long ContentOctets => octets.Length;

        public string Text => Encoding.Latin1.GetString(octets.ToArray());

        public ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            if (isFull) throw new QueueStoreUnavailableException("full", isDiskFull: true);
            octets.Write(content.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask CommitAsync(QueueEnvelope envelope, CommitOptions? options, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("a notifier never commits");

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            octets.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
