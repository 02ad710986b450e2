using System.Net;
using System.Text;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;
using Postrider.Testing;

namespace Postrider.Tests.Smtp.Server;

/// <summary>What a hostile peer gets out of a session that was told how much it may take, or whose TLS breaks in a way nobody thought of.</summary>
public sealed class SessionBudgetTests
{
    [Fact]
    public async Task Octets_of_recipients_are_bounded_and_the_next_transaction_begins_anew()
    {
        string[] said =
        [
            "MAIL FROM:<a@b.example>\r\n", $"RCPT TO:<{new string('c', 200)}@d.example>\r\n", $"RCPT TO:<{new string('e', 200)}@d.example>\r\n",
            "RSET\r\n", "MAIL FROM:<a@b.example>\r\n", $"RCPT TO:<{new string('f', 200)}@d.example>\r\n", "QUIT\r\n",
        ];
        string trace = await TraceAsync(new SmtpServerSettings { HostName = "mx.example.com", MaxRecipientOctets = 400 }, tls: null, said);
        string[] codes = [.. trace.Split('\n').Where(static line => line.Contains("ecipient", StringComparison.Ordinal) && line.StartsWith("S: ", StringComparison.Ordinal)).Select(static line => line[3..6])];
        Assert.Equal("250 452 250", string.Join(' ', codes));
    }

    [Fact]
    public async Task Handshake_that_breaks_in_any_way_ends_the_session_without_another_word_in_clear()
    {
        string trace = await TraceAsync(new SmtpServerSettings { HostName = "mx.example.com" }, new BrokenTls(), "STARTTLS\r\n");
        Assert.EndsWith("S: 220 2.0.0 Ready to start TLS\n", trace, StringComparison.Ordinal);
    }

    private static async Task<string> TraceAsync(SmtpServerSettings settings, IServerTls? tls, params string[] said)
    {
        MemoryDuplex pipe = new();
        using StringWriter text = new() { NewLine = "\n" };
        SmtpServer server = new(settings, new PlainHandler(), new WatchedTimeProvider()) { Tls = tls, Trace = _ => new SmtpTraceText(text) };
        SmtpSessionFacts facts = new("s", new ListenerFacts("MTA", null), new IPEndPoint(IPAddress.Loopback, 1), DateTimeOffset.UnixEpoch);
        Task session = Task.Run(() => server.RunAsync(pipe.Server, facts, CancellationToken.None));
        foreach (string line in said)
        {
            while (!pipe.IsServerWaiting && !session.IsCompleted) await Task.Yield();
            await pipe.Client.WriteAsync(Encoding.Latin1.GetBytes(line));
        }

        pipe.CloseClient();
        await session;
        return text.ToString();
    }

    private sealed class BrokenTls : IServerTls
    {
        public bool IsAvailable => true;

        public ValueTask<TlsLayer> AuthenticateAsync(Stream transport, CancellationToken cancellationToken) => throw new NotSupportedException("a certificate nobody can use");
    }
}
