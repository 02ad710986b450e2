using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Postrider.Tests.Mta.Delivery;

/// <summary>A next hop on loopback that takes mail as a test says: the answer to a command is given by <see cref="Answer"/>, null meaning the usual one.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> sessions = [];
    private readonly Task loop;

    public SmtpSink(string address = "127.0.0.1", int port = 0)
    {
        listener = new TcpListener(IPAddress.Parse(address), port);
        listener.Start();
        loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Greeting { get; set; } = "220 sink ESMTP";

    public string[] Extensions { get; set; } = ["PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SIZE", "DSN"];

    /// <summary>Command (connection number, line) to reply; "" closes the connection. For the end of content the line is ".".</summary>
    public Func<int, string, string?> Answer { get; set; } = (_, _) => null;

    /// <summary>For STARTTLS; null: the handshake is answered with nonsense.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Messages that came under TLS.</summary>
    public int Secured;

    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<string> Messages { get; } = new();

    public int Connections;

    public int Open;

    public int MostOpen;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                sessions.Add(ServeAsync(client, Interlocked.Increment(ref Connections)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException) // the last when it was stopped between two calls
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        int open = Interlocked.Increment(ref Open);
        for (int most = MostOpen; open > most; most = MostOpen) Interlocked.CompareExchange(ref MostOpen, open, most);
        try
        {
            using (client)
            {
                client.NoDelay = true;
                Stream stream = client.GetStream();
                StreamReader reader = new(stream, Encoding.Latin1);
                await SayAsync(stream, Greeting);
                while (await reader.ReadLineAsync(stop.Token) is { } line)
                {
                    Commands.Enqueue(line);
                    string reply = Answer(number, line) ?? Usual(line);
                    if (reply.Length == 0) return;
                    await SayAsync(stream, reply);
                    if (reply.StartsWith("421", StringComparison.Ordinal) || line == "QUIT") return;
                    if (line == "STARTTLS" && reply.StartsWith("220", StringComparison.Ordinal))
                    {
                        if (Certificate is null)
                        {
                            // After the ClientHello: a server that speaks first would be taken for one that injects replies.
                            await stream.ReadExactlyAsync(new byte[1], stop.Token);
                            await SayAsync(stream, "this is no TLS");
                            return;
                        }

                        SslStream tls = new(stream);
                        await tls.AuthenticateAsServerAsync(Certificate);
                        stream = tls;
                        reader = new StreamReader(tls, Encoding.Latin1);
                        continue;
                    }

                    if (!reply.StartsWith("354", StringComparison.Ordinal)) continue;
                    StringBuilder content = new();
                    while (await reader.ReadLineAsync(stop.Token) is { } text && text != ".") content.Append(CultureInfo.InvariantCulture, $"{text}\r\n");
                    string final = Answer(number, ".") ?? "250 2.0.0 sink-accepted-1 Message accepted";
                    if (stream is SslStream) Interlocked.Increment(ref Secured);
                    if (final.StartsWith('2')) Messages.Enqueue(content.ToString());
                    if (final.Length == 0) return;
                    await SayAsync(stream, final);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The client went away, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref Open);
        }
    }

    private string Usual(string line) => line.Split(' ')[0] switch
    {
        "EHLO" => string.Join("\r\n", Extensions.Prepend("sink Hello").Select((e, i) => (i == Extensions.Length ? "250 " : "250-") + e)),
        "DATA" => "354 go",
        "STARTTLS" => "220 2.0.0 Ready to start TLS",
        "QUIT" => "221 2.0.0 bye",
        "RCPT" => "250 2.1.5 Recipient ok",
        _ => "250 2.0.0 OK",
    };

    private static async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text + "\r\n"));

    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested) return;
        await stop.CancelAsync();
        listener.Dispose();
        await loop;
        await Task.WhenAll(sessions);
    }
}
