using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Postrider.Mta.Policy;

/// <summary>The name under which the DNS keeps an address's PTR record (RFC 1035 §3.5, RFC 3596 §2.5).</summary>
public static class ReverseName
{
    public static string Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        byte[] octets = address.GetAddressBytes();
        StringBuilder name = new(80);
        for (int i = octets.Length - 1; i >= 0; i--)
        {
            if (address.AddressFamily == AddressFamily.InterNetwork) name.Append(CultureInfo.InvariantCulture, $"{octets[i]}.");
            else name.Append(CultureInfo.InvariantCulture, $"{octets[i] & 15:x}.{octets[i] >> 4:x}.");
        }

        return name.Append(address.AddressFamily == AddressFamily.InterNetwork ? "in-addr.arpa" : "ip6.arpa").ToString();
    }
}
