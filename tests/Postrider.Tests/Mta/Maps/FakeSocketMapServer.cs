using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Postrider.Tests.Mta.Maps;

/// <summary>A server of socket maps that answers what a test says: octets as they are, or nothing, or the end of the connection.</summary>
internal sealed class FakeSocketMapServer : IAsyncDisposable
{
    private readonly Socket listener;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> sessions = [];
    private readonly Task loop;
    private int connections;

    public FakeSocketMapServer(EndPoint end)
    {
        listener = new Socket(end.AddressFamily, SocketType.Stream, end is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        listener.Bind(end);
        listener.Listen();
        loop = AcceptAsync();
    }

    public FakeSocketMapServer() : this(new IPEndPoint(IPAddress.Loopback, 0))
    {
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    public int Connections => Volatile.Read(ref connections);

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>From the request to the octets sent back; null: silence; empty: the connection ends.</summary>
    public Func<string, string?> Answer { get; set; } = static _ => "9:NOTFOUND ,";

    public static string Netstring(string text) => string.Create(CultureInfo.InvariantCulture, $"{text.Length}:{text},");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await loop;
        await Task.WhenAll(sessions);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await listener.AcceptAsync(stop.Token);
                Interlocked.Increment(ref connections);
                sessions.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using Socket _ = client;
        byte[] buffer = new byte[65536];
        try
        {
            while (await client.ReceiveAsync(buffer, stop.Token) is > 0 and int got)
            {
                string netstring = Encoding.Latin1.GetString(buffer, 0, got);
                string request = netstring[(netstring.IndexOf(':', StringComparison.Ordinal) + 1)..^1];
                Assert.Equal(Netstring(request), netstring);
                Requests.Enqueue(request);
                string? answer = Answer(request);
                if (answer is null) continue;
                if (answer.Length == 0) return;
                await client.SendAsync(Encoding.Latin1.GetBytes(answer), stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over, or the map gave up.
        }
    }
}
