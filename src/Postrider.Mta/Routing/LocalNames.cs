using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace Postrider.Mta.Routing;

/// <summary>Class w: the names and address literals for which mail is local. Compared ignoring case, whole names only: a subdomain is another domain (oracle 10).</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class LocalNames
{
    private static readonly SearchValues<char> Decimal = SearchValues.Create("0123456789.");

    private readonly FrozenSet<string> names;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    /// <param name="names">Domain names, and literals as <c>[192.0.2.1]</c> or <c>[IPv6:…]</c>.</param>
    /// <param name="ownAddresses">Addresses of this host: <c>[address]</c> is local for each, as sendmail fills class w.</param>
    public LocalNames(IEnumerable<string> names, IEnumerable<IPAddress> ownAddresses)
    {
        HashSet<string> all = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names) all.Add(Normal(name));
        foreach (IPAddress address in ownAddresses) all.Add(LiteralOf(address));
        this.names = all.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        bySpan = this.names.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public bool Contains(ReadOnlySpan<char> domain) =>
        bySpan.Contains(domain) || (domain.StartsWith('[') && TryParseLiteral(domain, out IPAddress? address) && names.Contains(LiteralOf(address!)));

    /// <summary>RFC 5321 §4.1.3: <c>[192.0.2.1]</c>, <c>[IPv6:2001:db8::1]</c>.</summary>
    public static bool TryParseLiteral(ReadOnlySpan<char> literal, out IPAddress? address)
    {
        address = null;
        if (literal.Length < 3 || literal[0] != '[' || literal[^1] != ']') return false;
        ReadOnlySpan<char> inside = literal[1..^1];
        if (inside.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase))
            return inside.IndexOf('%') < 0 && IPAddress.TryParse(inside[5..], out address) && inside[5..].Contains(':');

        // IPAddress takes 127.1 and 0x7f000001 too; an address literal is four decimal numbers.
        return inside.Count('.') == 3 && inside.IndexOfAnyExcept(Decimal) < 0 && IPAddress.TryParse(inside, out address);
    }

    public static string LiteralOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? string.Create(CultureInfo.InvariantCulture, $"[ipv6:{address}]")
            : string.Create(CultureInfo.InvariantCulture, $"[{address}]");
    }

    private static string Normal(string name)
    {
        name = name.TrimEnd('.');
        return name.StartsWith('[') && TryParseLiteral(name, out IPAddress? address) ? LiteralOf(address!) : name;
    }
}
