using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Postrider.Mta.Dns;

namespace Postrider.Mta.Maps;

/// <summary>Where a map's server listens.</summary>
/// <param name="Path">Of a local socket; null: <see cref="Host"/> and <see cref="Port"/> count.</param>
/// <param name="Host">A name, or an address with or without brackets.</param>
/// <param name="Family">Of the addresses that a name may have; unspecified: either.</param>
internal sealed record PeerAddress(string? Path, string Host, int Port, AddressFamily Family)
{
    /// <summary>Reads <c>unix:/path</c>, <c>local:/path</c>, <c>/path</c>, <c>inet:port@host</c>, <c>inet6:port@host</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PeerAddress? address)
    {
        address = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = text.StartsWith('/') || colon < 0 ? "unix" : text[..colon].ToLowerInvariant();
        string rest = text.StartsWith('/') || colon < 0 ? text : text[(colon + 1)..];
        if (kind is "unix" or "local")
        {
            // A path that is too long, or not absolute, can never be connected to; that is said when somebody asks.
            if (rest.Length > 0) address = new PeerAddress(rest, "", 0, AddressFamily.Unix);
            return address is not null;
        }

        int at = rest.IndexOf('@', StringComparison.Ordinal);
        if (kind is not ("inet" or "inet6") || at < 1 || at == rest.Length - 1) return false;
        if (!int.TryParse(rest.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out int port)) return false;
        address = new PeerAddress(null, rest[(at + 1)..], port, kind == "inet" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        return true;
    }

    /// <summary>Connects to the first of its addresses that answers.</summary>
    /// <exception cref="IOException">It has no address, or none that can be known now.</exception>
    /// <exception cref="SocketException">Nobody answers.</exception>
    public async ValueTask<Socket> ConnectAsync(IDnsResolver? dns, CancellationToken cancellationToken)
    {
        if (Path is not null)
        {
            // Above 107 octets the kernel has no room for it (unix(7)).
            if (Path.Length > 107 || !Path.StartsWith('/')) throw new IOException($"{Path} cannot be the path of a socket");
            return await ConnectAsync(new UnixDomainSocketEndPoint(Path), ProtocolType.Unspecified, cancellationToken);
        }

        if (Port is < 1 or > 65535) throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{Port} is no port"));
        IReadOnlyList<IPAddress> addresses = await AddressesAsync(dns, cancellationToken);
        SocketException? last = null;
        foreach (IPAddress address in addresses)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, Port), ProtocolType.Tcp, cancellationToken);
            }
            catch (SocketException e)
            {
                last = e;
            }
        }

        throw last ?? (Exception)new IOException($"{Host} has no address");
    }

    public override string ToString() => Path ?? string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static async ValueTask<Socket> ConnectAsync(EndPoint end, ProtocolType protocol, CancellationToken cancellationToken)
    {
        Socket socket = new(end.AddressFamily, SocketType.Stream, protocol);
        try
        {
            if (protocol == ProtocolType.Tcp) socket.NoDelay = true;
            await socket.ConnectAsync(end, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<IReadOnlyList<IPAddress>> AddressesAsync(IDnsResolver? dns, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(Host.Trim('[', ']'), out IPAddress? literal)) return [literal];
        List<IPAddress> found = [];
        foreach (DnsRecordType type in (DnsRecordType[])[DnsRecordType.Aaaa, DnsRecordType.A])
        {
            AddressFamily family = type == DnsRecordType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            if (dns is null || (Family != family && Family != AddressFamily.Unspecified)) continue;
            found.AddRange((await dns.QueryAsync(Host, type, cancellationToken)).Addresses);
        }

        return found;
    }
}
