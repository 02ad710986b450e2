using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting;

/// <summary>Unix sockets by path, also by paths longer than the 107 octets that a socket address holds.</summary>
public static class UnixSockets
{
    private const int MaxPath = 107;

    /// <summary>Listens at the path, mode 0666: who is there is decided by peer credentials. A socket that is left over from a dead daemon is replaced.</summary>
    /// <exception cref="DaemonStartException">Another daemon answers there, or the path cannot be used.</exception>
    public static Socket Listen(string path, int backlog)
    {
        FileFacts? facts = FileFacts.Of(path);
        if (facts is { IsSocket: false }) throw new DaemonStartException(SysExit.CannotCreate, $"{path}: exists and is not a socket");
        if (facts is not null)
        {
            if (IsAnswered(path)) throw new DaemonStartException(SysExit.OsError, $"{path}: another daemon runs on this queue");
            File.Delete(path);
        }

        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Made with its mode, not given it afterwards: the directory may belong to another user than root, who could put a link in its place meanwhile.
            uint mask = PosixCalls.Umask(0x49); // 0111
            try
            {
                WithEndPoint(path, socket.Bind, keepDirectory: true); // .NET removes the socket by this name when it is closed, so the name must stay good
            }
            finally
            {
                _ = PosixCalls.Umask(mask);
            }

            socket.Listen(backlog);
            return socket;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new DaemonStartException(SysExit.CannotCreate, $"{path}: {e.Message}", e);
        }
    }

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async ValueTask<Socket> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Connecting to a Unix socket does not wait for the other side, only for room in its backlog.
            await Task.Run(() => WithEndPoint(path, socket.Connect), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether somebody listens there.</summary>
    public static bool IsAnswered(string path)
    {
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            WithEndPoint(path, probe.Connect);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void WithEndPoint(string path, Action<UnixDomainSocketEndPoint> act, bool keepDirectory = false)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) <= MaxPath)
        {
            act(new UnixDomainSocketEndPoint(path));
            return;
        }

        int directory = PosixCalls.Open(Path.GetDirectoryName(path) ?? "/", PosixCalls.OpenPath | PosixCalls.OpenDirectory | PosixCalls.OpenCloseOnExec, 0);
        if (directory < 0) throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            act(new UnixDomainSocketEndPoint(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory}/{Path.GetFileName(path)}")));
        }
        finally
        {
            if (!keepDirectory) _ = PosixCalls.Close(directory);
        }
    }
}
