using System.Net;
using System.Net.Sockets;

namespace Postrider.Tests.Mta.Maps;

/// <summary>A server on loopback that answers each reading with the octets of the next step; null: silence; empty: the end of the connection.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<int, byte[]?> steps;
    private readonly Task loop;

    public RawServer(Func<int, byte[]?> steps)
    {
        this.steps = steps;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        loop = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    /// <summary>How often something was read, over all connections.</summary>
    public int Readings { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        byte[] buffer = new byte[65536];
        try
        {
            while (true)
            {
                using Socket client = await listener.AcceptAsync(stop.Token);
                for (int step = 0; await client.ReceiveAsync(buffer, stop.Token) > 0; step++)
                {
                    Readings++;
                    byte[]? answer = steps(step);
                    if (answer is null) continue;
                    if (answer.Length == 0) break;
                    await client.SendAsync(answer, stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over, or the client has gone.
        }
    }
}
