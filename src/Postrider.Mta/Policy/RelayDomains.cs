using System.Collections.Frozen;

namespace Postrider.Mta.Policy;

/// <summary>Class R: domains with everything below them, host names, and address prefixes (<c>192.0.2</c>, <c>IPv6:2001:db8</c>) that may be relayed to and from.</summary>
/// <remarks>Immutable and thread-safe; a look-up allocates nothing.</remarks>
public sealed class RelayDomains
{
    private readonly FrozenSet<string> entries;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    public RelayDomains(IEnumerable<string> entries)
    {
        this.entries = entries.Select(entry => entry.TrimEnd('.')).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        bySpan = this.entries.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public bool IsEmpty => entries.Count == 0;

    /// <summary>The domain itself or a domain above it.</summary>
    /// <returns>The entry that matched; null: none.</returns>
    public string? MatchDomain(ReadOnlySpan<char> domain)
    {
        while (!IsEmpty && !domain.IsEmpty)
        {
            if (bySpan.TryGetValue(domain, out string? entry)) return entry;
            int dot = domain.IndexOf('.');
            domain = dot < 0 ? [] : domain[(dot + 1)..];
        }

        return null;
    }

    /// <summary>The address itself or a prefix that ends between two of its parts.</summary>
    /// <param name="address">As in <c>${client_addr}</c>: <c>192.0.2.1</c>, <c>IPv6:2001:db8::1</c>.</param>
    public string? MatchAddress(ReadOnlySpan<char> address)
    {
        while (!IsEmpty && !address.IsEmpty)
        {
            if (bySpan.TryGetValue(address, out string? entry)) return entry;
            int separator = address.LastIndexOfAny('.', ':');
            address = separator < 0 ? [] : address[..separator];
        }

        return null;
    }
}
