using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Postrider.Mta.Dns;

/// <summary>One question to one server, by UDP or TCP. Null: no usable answer in time.</summary>
/// <remarks>
/// RFC 5452: each question has a socket of its own, so the kernel gives it a fresh random port, connected, so that only the server asked can answer; a random id; and an answer counts only if
/// id, name, type and class are those of the question. What does not match is ignored, and the wait goes on: otherwise a forger could end it.
/// </remarks>
internal static class DnsExchange
{
    public static async Task<DnsResponse?> UdpAsync(IPEndPoint server, DnsQuestion question, bool withEdns, CancellationToken timeout)
    {
        ushort id = (ushort)RandomNumberGenerator.GetInt32(65536);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            using Socket socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server, timeout);
            await socket.SendAsync(question.Encode(id, withEdns), SocketFlags.None, timeout);
            while (true)
            {
                int length = await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, timeout);
                if (DnsMessageReader.TryRead(buffer.AsSpan(0, length), id, question, out DnsResponse response)) return response;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>RFC 7766: the same message, after its length in two octets.</summary>
    public static async Task<DnsResponse?> TcpAsync(IPEndPoint server, DnsQuestion question, bool withEdns, CancellationToken timeout)
    {
        ushort id = (ushort)RandomNumberGenerator.GetInt32(65536);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(65537);
        try
        {
            using Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server, timeout);
            byte[] message = question.Encode(id, withEdns);
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)message.Length);
            message.CopyTo(buffer, 2);
            await using NetworkStream stream = new(socket);
            await stream.WriteAsync(buffer.AsMemory(0, message.Length + 2), timeout);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, 2), timeout);
            int length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, length), timeout);
            return DnsMessageReader.TryRead(buffer.AsSpan(0, length), id, question, out DnsResponse response) && !response.IsTruncated ? response : null;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
