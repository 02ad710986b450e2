using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Postrider.Tests.Mta.Dns;

/// <summary>A name server on loopback, UDP and TCP on one port, that answers what a test says.</summary>
internal sealed class FakeNameServer : IAsyncDisposable
{
    private readonly Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private Socket tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stop = new();
    private readonly Task udpLoop;
    private readonly Task tcpLoop;

    public FakeNameServer()
    {
        BindBoth();
        tcp.Listen();
        udpLoop = UdpAsync();
        tcpLoop = TcpAsync();
    }

    /// <summary>One port for both: a free one of UDP may be taken in TCP by somebody else, so several are tried.</summary>
    private void BindBoth()
    {
        for (int attempt = 1; ; attempt++)
        {
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            try
            {
                udp.Bind(tcp.LocalEndPoint!);
                return;
            }
            catch (SocketException) when (attempt < 50)
            {
                tcp.Dispose();
                tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }
        }
    }

    public IPEndPoint EndPoint => (IPEndPoint)udp.LocalEndPoint!;

    /// <summary>From the query (and whether it came by TCP) to the messages sent back, in order.</summary>
    public Func<Query, IEnumerable<byte[]>> Answer { get; set; } = q => [q.Reply(3)];

    public ConcurrentQueue<Query> Queries { get; } = new();

    private async Task UdpAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                SocketReceiveFromResult got = await udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), stop.Token);
                Query query = new(buffer.AsSpan(0, got.ReceivedBytes).ToArray(), false, ((IPEndPoint)got.RemoteEndPoint).Port);
                Queries.Enqueue(query);
                foreach (byte[] message in Answer(query)) await udp.SendToAsync(message, SocketFlags.None, got.RemoteEndPoint, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task TcpAsync()
    {
        try
        {
            while (true)
            {
                using Socket client = await tcp.AcceptAsync(stop.Token);
                await using NetworkStream stream = new(client);
                byte[] head = new byte[2];
                await stream.ReadExactlyAsync(head, stop.Token);
                byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
                await stream.ReadExactlyAsync(message, stop.Token);
                Query query = new(message, true, ((IPEndPoint)client.RemoteEndPoint!).Port);
                Queries.Enqueue(query);
                foreach (byte[] reply in Answer(query))
                {
                    BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)reply.Length);
                    await stream.WriteAsync(head, stop.Token);
                    await stream.WriteAsync(reply, stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(udpLoop, tcpLoop);
        udp.Dispose();
        tcp.Dispose();
        stop.Dispose();
    }

    internal sealed class Query
    {
        public Query(byte[] message, bool isTcp, int port)
        {
            Message = message;
            IsTcp = isTcp;
            Port = port;
            int at = 12;
            List<string> labels = [];
            for (; message[at] != 0; at += message[at] + 1) labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]));
            Name = string.Join('.', labels);
            Type = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 1));
            QuestionEnd = at + 5;
        }

        public byte[] Message { get; }

        public bool IsTcp { get; }

        public int Port { get; }

        public string Name { get; }

        public int Type { get; }

        public bool HasEdns => Message[11] == 1;

        private int QuestionEnd { get; }

        public byte[] Reply(int code, params byte[][] answers) => Build(0x81, 0x80 | code, answers, []);

        public byte[] No(int code, uint minimum) => Build(0x81, 0x80 | code, [], [Record("example", 6, minimum, [0, 0, .. new byte[16], .. U32(minimum)])]);

        public byte[] Truncated() => Build(0x83, 0x80, [], []);

        public byte[] Authentic(params byte[][] answers) => Build(0x81, 0xA0, answers, []);

        private byte[] Build(int second, int third, byte[][] answers, byte[][] authority)
        {
            byte[] head = [.. Message.AsSpan(0, QuestionEnd)];
            head[2] = (byte)second;
            head[3] = (byte)third;
            head[7] = (byte)answers.Length;
            head[9] = (byte)authority.Length;
            head[11] = 0;
            return [.. head, .. answers.SelectMany(a => a), .. authority.SelectMany(a => a)];
        }
    }

    public static byte[] Record(string name, int type, uint ttl, byte[] content) =>
        [.. Name(name), 0, (byte)type, 0, 1, .. U32(ttl), (byte)(content.Length >> 8), (byte)content.Length, .. content];

    public static byte[] A(string name, string address, uint ttl = 300) => Record(name, 1, ttl, IPAddress.Parse(address).GetAddressBytes());

    public static byte[] Mx(string name, int preference, string host, uint ttl = 300) => Record(name, 15, ttl, [(byte)(preference >> 8), (byte)preference, .. Name(host)]);

    public static byte[] Cname(string name, string target, uint ttl = 300) => Record(name, 5, ttl, Name(target));

    public static byte[] Name(string name) =>
        name.Length == 0 ? [0] : [.. name.Split('.').SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.Latin1.GetBytes(l)]), 0];

    private static byte[] U32(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
