using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Postrider.Mta.Maps;

/// <summary>A connection on which both sides speak in netstrings: length in decimal, a colon, the octets, a comma. Used by one question at a time.</summary>
internal sealed class NetstringConnection(Socket socket) : IDisposable
{
    private const int MaxDigits = 9;

    private readonly byte[] head = new byte[1];

    public void Dispose() => socket.Dispose();

    /// <exception cref="InvalidDataException">What came is no netstring, or is longer than <paramref name="most"/>: the connection is of no use any more.</exception>
    /// <exception cref="IOException">The other side ended the connection.</exception>
    public async ValueTask<byte[]> AskAsync(ReadOnlyMemory<byte> request, int most, CancellationToken cancellationToken)
    {
        // In one piece: two small writes and a wait cost 41 ms.
        byte[] message = [.. Encoding.ASCII.GetBytes(request.Length.ToString(CultureInfo.InvariantCulture)), (byte)':', .. request.Span, (byte)','];
        await SendAsync(message, cancellationToken);

        int length = 0;
        for (int digits = 0; ; digits++)
        {
            await ReadAsync(head, cancellationToken);
            if (head[0] == ':' && digits > 0) break;
            if (!char.IsAsciiDigit((char)head[0]) || digits == MaxDigits) throw new InvalidDataException("failed to read length parameter of reply");
            length = (length * 10) + head[0] - '0';
        }

        if (length > most) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"reply too long: {length}"));
        byte[] reply = new byte[length + 1];
        await ReadAsync(reply, cancellationToken);
        if (reply[length] != ',') throw new InvalidDataException("missing ',' in reply");
        return reply[..length];
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        while (octets.Length > 0) octets = octets[await socket.SendAsync(octets, SocketFlags.None, cancellationToken)..];
    }

    private async ValueTask ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        while (into.Length > 0)
        {
            int got = await socket.ReceiveAsync(into, SocketFlags.None, cancellationToken);
            if (got == 0) throw new IOException("the server ended the connection");
            into = into[got..];
        }
    }
}
