using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Postrider.Mta.Logging;

/// <summary>Lines to the local syslog, facility mail (RFC 3164 §4.1.1), one datagram each. An absent or restarted syslog is tried again with the next line.</summary>
/// <param name="path"><c>/dev/log</c>.</param>
/// <param name="tag"><c>-L</c>.</param>
public sealed class SyslogSink(string path, string tag) : ILogLineSink
{
    private const int FacilityMail = 2 << 3;

    private readonly LogLineHead head = new(hostName: null, tag);
    private Socket? socket;

    /// <summary>Where a local syslog listens when there is one.</summary>
    public static string DefaultPath => "/dev/log";

    /// <summary>Whether somebody has made the socket.</summary>
    public static bool IsThere => File.Exists(DefaultPath);

    public void Write(DateTimeOffset time, int severity, string text)
    {
        byte[] datagram = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"<{FacilityMail | severity}>{head.For(time)}{text}"));
        if (!TrySend(datagram)) TrySend(datagram);
    }

    public void Flush() { }

    public void Dispose() => socket?.Dispose();

    private bool TrySend(byte[] datagram)
    {
        try
        {
            if (socket is null)
            {
                Socket fresh = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
                try
                {
                    fresh.Connect(new UnixDomainSocketEndPoint(path));
                }
                catch (SocketException)
                {
                    fresh.Dispose();
                    throw;
                }

                socket = fresh;
            }

            socket.Send(datagram);
            return true;
        }
        catch (SocketException)
        {
            socket?.Dispose();
            socket = null;
            return false;
        }
    }
}
