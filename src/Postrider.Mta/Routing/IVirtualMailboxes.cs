namespace Postrider.Mta.Routing;

/// <summary>The table of mailboxes of FEATURE(virtual_mailboxes). Thread-safe.</summary>
public interface IVirtualMailboxes
{
    /// <summary>The row with exactly this key (<c>user@domain</c> or <c>user</c>, compared ignoring case), or null.</summary>
    /// <exception cref="MapUnavailableException">The table cannot be read now.</exception>
    ValueTask<VirtualMailbox?> FindAsync(string key, CancellationToken cancellationToken);
}
