using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Postrider.Mta.Hosting.Posix;

/// <summary>Who is at the other end of a Unix socket: filled in by the kernel at connect, so it cannot be forged.</summary>
public readonly record struct PeerCredentials(int ProcessId, uint Uid, uint Gid)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <exception cref="SocketException">The socket has no peer credentials.</exception>
    public static PeerCredentials Of(Socket socket)
    {
        Span<byte> raw = stackalloc byte[12];
        int length = socket.GetRawSocketOption(SolSocket, SoPeerCred, raw);
        if (length != raw.Length) throw new SocketException((int)SocketError.OperationNotSupported);
        return new PeerCredentials(MemoryMarshal.Read<int>(raw), MemoryMarshal.Read<uint>(raw[4..]), MemoryMarshal.Read<uint>(raw[8..]));
    }

    /// <summary>Login name, or the number when the name service does not know it.</summary>
    public string UserName => SystemUser.Find(Uid)?.Name ?? Uid.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
