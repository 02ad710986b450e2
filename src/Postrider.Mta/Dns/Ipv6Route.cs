using System.Net;
using System.Net.Sockets;

namespace Postrider.Mta.Dns;

/// <summary>Whether this host can reach the IPv6 internet: asked of the kernel's routing table, nothing is sent.</summary>
internal static class Ipv6Route
{
    // The first address of global unicast (RFC 4291 §2.4): any default route covers it.
    private static readonly IPEndPoint somewhere = new(IPAddress.Parse("2000::1"), 9);

    public static bool Exists()
    {
        if (!Socket.OSSupportsIPv6) return false;
        try
        {
            using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(somewhere);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
