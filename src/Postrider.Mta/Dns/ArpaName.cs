using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Postrider.Mta.Dns;

/// <summary>The name under which the DNS keeps an address's host name (RFC 1035 §3.5, RFC 3596 §2.5).</summary>
internal static class ArpaName
{
    public static string Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        byte[] octets = address.GetAddressBytes();
        Array.Reverse(octets);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', octets.Select(o => o.ToString(CultureInfo.InvariantCulture))) + ".in-addr.arpa"
            : string.Join('.', octets.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o & 15:x}.{o >> 4:x}"))) + ".ip6.arpa";
    }

    public static bool TryParse(string name, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        string[] labels = name.TrimEnd('.').Split('.');
        if (labels.Length == 6 && name.Contains(".in-addr.", StringComparison.OrdinalIgnoreCase))
            return IPAddress.TryParse(string.Join('.', labels.Take(4).Reverse()), out address);
        if (labels.Length != 34 || !name.Contains(".ip6.", StringComparison.OrdinalIgnoreCase)) return false;
        string digits = string.Concat(labels.Take(32).Reverse());
        if (digits.Length != 32 || !digits.All(char.IsAsciiHexDigit)) return false;
        address = new IPAddress(Convert.FromHexString(digits));
        return true;
    }
}
