using Postrider.Mta.Routing;

namespace Postrider.Tests.Mta;

internal sealed class FakeMailboxes(params IEnumerable<string> keys) : IVirtualMailboxes
{
    private readonly HashSet<string> keys = new(keys, StringComparer.OrdinalIgnoreCase);

    public bool IsBroken { get; set; }

    public ValueTask<VirtualMailbox?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (IsBroken) throw new MapUnavailableException("mailboxes", "gone");
        return new ValueTask<VirtualMailbox?>(keys.Contains(key) ? new VirtualMailbox(key, "/mail/" + key.Split('@')[0]) : null);
    }
}
