using System.Net;
using System.Net.Sockets;

namespace Postrider.Cli.Quickstart;

/// <summary>The three ports of the quickstart, on 127.0.0.1 and 127.0.0.2.</summary>
internal sealed record QuickstartPorts(int Mta, int Submission, int Smtps)
{
    public static QuickstartPorts Default { get; } = new(2525, 2587, 2465);

    /// <summary>The default ones that are free, others where they are taken.</summary>
    public static QuickstartPorts Free() => new(FreeOr(Default.Mta), FreeOr(Default.Submission), FreeOr(Default.Smtps));

    private static int FreeOr(int port) => IsFree(port) ? port : Enumerable.Range(0, 20).Select(static _ => Any()).First(IsFree);

    private static int Any()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static bool IsFree(int port)
    {
        foreach (string address in (ReadOnlySpan<string>)["127.0.0.1", "127.0.0.2"])
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            }
            catch (SocketException)
            {
                return false;
            }
        }

        return true;
    }
}
