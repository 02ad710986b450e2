namespace Postrider.Queue;

/// <summary>Content on its way into the store. Nothing of a draft is visible before it is committed; disposed without commit, it never was.</summary>
/// <remarks>One writer at a time; not thread-safe. Different drafts of one store may be written concurrently.</remarks>
public interface IQueueDraft : IAsyncDisposable
{
    /// <summary>Content octets appended so far.</summary>
    long ContentOctets { get; }

    /// <summary>Adds to the content. May return before the octets are on stable storage; the buffer is free for reuse when it does.</summary>
    /// <exception cref="QueueStoreUnavailableException">Disk full or failing. The draft can then only be disposed.</exception>
    ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Makes the message exist: when this returns, envelope and content are on stable storage and the entry is due. The only way to a 250.</summary>
    /// <param name="envelope">Its id must not be in the store.</param>
    /// <param name="options">Born held, quarantined, or due later; null: due at once.</param>
    /// <exception cref="QueueStoreUnavailableException">Not committed: the peer may be told so. (Where a disk fails so hard that not even the failure can be noted
    /// on it, the message may be there after a crash all the same: delivered twice at worst, never lost.)</exception>
    /// <exception cref="ArgumentException">The id is in the store already, or there is no recipient. The draft is still open.</exception>
    /// <remarks>Cancellation is honoured before the commit record is handed to the writer; afterwards the result is awaited to its end.</remarks>
    ValueTask CommitAsync(QueueEnvelope envelope, CommitOptions? options, CancellationToken cancellationToken);
}
