namespace Postrider.Queue;

/// <summary>The store cannot take or give anything now. The peer gets 451 4.3.0 (or 452 4.3.1 when <see cref="IsDiskFull"/>), never a 250.</summary>
/// <remarks>Operator: look at the disk under QueueDirectory (space, errors in the kernel log); the daemon goes on answering 4yz until it is mended.</remarks>
public sealed class QueueStoreUnavailableException(string message, bool isDiskFull, Exception? inner = null) : Exception(message, inner)
{
    public bool IsDiskFull { get; } = isDiskFull;
}
