using System.Net;
using System.Text;
using Postrider.Smtp.Sasl;
using Postrider.Smtp.Server;
using Postrider.Testing;

namespace Postrider.Tests.Smtp.Server;

public sealed class SmtpTraceTests
{
    [Fact]
    public async Task A_trace_is_a_dialogue_without_secrets()
    {
        (string trace, PlainHandler handler) = await TraceAsync(
            "HELO x\r\n", "AUTH PLAIN\r\n", "c2VjcmV0\r\n", "AUTH NONE c2VjcmV0\r\n", "c2VjcmV0\r\n", "MAIL FROM:<a@b.example>\r\n",
            "RCPT TO:<c@d.example>\r\n", "DATA\r\n", "c2VjcmV0\r\n.\r\n", "QUIT\r\n");
        Assert.DoesNotContain("c2VjcmV0", trace, StringComparison.Ordinal);
        Assert.DoesNotContain(handler.Commands, command => command.Contains("c2VjcmV0", StringComparison.Ordinal));
        Assert.StartsWith(
            """
            S: 220 mx.example.com ESMTP *
            C: HELO x
            S: 250 mx.example.com Hello localhost [127.0.0.1], pleased to meet you
            C: AUTH PLAIN
            S: 334 
            C: ****
            S: 535 5.7.0 authentication failed
            C: AUTH NONE ****
            S: 504 5.3.3 AUTH mechanism NONE not available
            C: ****
            S: 500 5.5.1 Command unrecognized
            C: MAIL FROM:<a@b.example>
            S: 250 2.1.0 <a@b.example>... Sender ok
            C: RCPT TO:<c@d.example>
            S: 250 2.1.5 <c@d.example>... Recipient ok
            C: DATA
            S: 354 End data with <CR><LF>.<CR><LF>
            # 10 octets of content
            S: 250 2.0.0 Message accepted for delivery
            C: QUIT
            S: 221 2.0.0 mx.example.com closing connection
            """, trace, StringComparison.Ordinal);
    }

    private static async Task<(string Trace, PlainHandler Handler)> TraceAsync(params string[] said)
    {
        MemoryDuplex pipe = new();
        PlainHandler handler = new();
        using StringWriter text = new() { NewLine = "\n" };
        SmtpServer server = new(new SmtpServerSettings { HostName = "mx.example.com", Greeting = _ => "mx.example.com ESMTP *" }, handler, new WatchedTimeProvider())
        {
            Sasl = new SaslServer(new SaslServerSettings { PlainInClear = true }, new SaslStores { Passwords = new Nobody() }),
            Trace = _ => new SmtpTraceText(text),
        };
        SmtpSessionFacts facts = new("s", new ListenerFacts("MTA", null), new IPEndPoint(IPAddress.Loopback, 1), DateTimeOffset.UnixEpoch);
        Task session = Task.Run(() => server.RunAsync(pipe.Server, facts, CancellationToken.None));
        foreach (string line in said)
        {
            // Each line when the server has answered the one before: content that comes before 354 ends a session.
            while (!pipe.IsServerWaiting && !session.IsCompleted) await Task.Yield();
            await pipe.Client.WriteAsync(Encoding.Latin1.GetBytes(line));
        }

        pipe.CloseClient();
        await session;
        return (text.ToString(), handler);
    }

    private sealed class Nobody : IPasswordVerifier
    {
        public ValueTask<string?> VerifyAsync(string userName, string password, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
    }
}
