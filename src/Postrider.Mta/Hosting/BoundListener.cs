using System.Net;
using System.Net.Sockets;
using Postrider.Mta.Configuration;

namespace Postrider.Mta.Hosting;

/// <summary>One socket that is bound, and later listens, and the configuration it stands for.</summary>
public sealed class BoundListener : IDisposable
{
    private BoundListener(ListenerConfiguration configuration, Socket socket)
    {
        Configuration = configuration;
        Socket = socket;
    }

    public ListenerConfiguration Configuration { get; }

    public Socket Socket { get; }

    public IPEndPoint EndPoint => (IPEndPoint)Socket.LocalEndPoint!;

    /// <exception cref="DaemonStartException">The address cannot be had; the message names the listener and why, as sendmail's log does (oracle 87).</exception>
    public static BoundListener Bind(ListenerConfiguration configuration)
    {
        IPAddress address = AddressOf(configuration);
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // SO_REUSEADDR as sendmail sets it: .NET sets SO_REUSEADDR on Linux by itself, and ReuseAddress would add SO_REUSEPORT, which lets a second daemon in.
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, configuration.Port));
            return new BoundListener(configuration, socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw CannotBind(configuration, new IPEndPoint(address, configuration.Port), e);
        }
    }

    /// <summary>From now on the kernel takes connections for it: called when privileges are given up, not before.</summary>
    /// <exception cref="DaemonStartException">Somebody else was faster.</exception>
    public void Listen()
    {
        try
        {
            Socket.Listen(Configuration.Backlog);
        }
        catch (SocketException e)
        {
            throw CannotBind(Configuration, EndPoint, e);
        }
    }

    /// <summary>The same socket under another configuration.</summary>
    public BoundListener With(ListenerConfiguration configuration) => new(configuration, Socket);

    public void Dispose() => Socket.Dispose();

    private static DaemonStartException CannotBind(ListenerConfiguration configuration, IPEndPoint endPoint, SocketException e) => new(
        e.SocketErrorCode == SocketError.AccessDenied ? SysExit.NoPermission : SysExit.OsError,
        $"daemon {configuration.Name}: cannot bind {endPoint}: {e.Message}",
        e);

    private static IPAddress AddressOf(ListenerConfiguration configuration)
    {
        if (configuration.Address is null) return configuration.IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        string text = configuration.Address.Trim('[', ']');
        if (text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)) text = text[5..];
        if (IPAddress.TryParse(text, out IPAddress? address)) return address;
        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return configuration.IsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        throw new DaemonStartException(SysExit.Configuration, $"daemon {configuration.Name}: Addr={configuration.Address} is not an address");
    }
}
