using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Postrider.Smtp.Sasl;
using Postrider.Smtp.Server;
using Postrider.Testing;

namespace Postrider.Tests.Smtp.Server;

/// <summary>Sessions made by chance, from a seed that the failure names. Whatever a peer says: the session ends, nothing throws, replies keep their order, no transaction is left open.</summary>
public sealed partial class SessionFuzzTests
{
    private static readonly string[] Words =
    [
        "EHLO x", "HELO x", "MAIL FROM:<#@a.example>", "RCPT TO:<#@b.example>", "VRFY #", "EXPN #", "ETRN #", "RSET", "NOOP", "HELP", "VERB", "DATA", "\r\n.\r\n", ".", "#",
        "MAIL FROM:<> SIZE=1 BODY=8BITMIME RET=HDRS ENVID=a+2Bb BY=120;R AUTH=<>", "RCPT TO:<#> NOTIFY=NEVER ORCPT=rfc822;x", "AUTH PLAIN", "AUTH PLAIN AGEAYg==", "*", "STARTTLS", "QUIT", "..",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Nothing_that_a_peer_says_breaks_a_session_or_the_order_of_its_replies(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 750; round++) await PlayAsync(random, $"seed {seed}, round {round}");
    }

    private static async Task PlayAsync(Random random, string name)
    {
        byte[] said = Compose(random);
        MemoryDuplex pipe = new();
        PlainHandler handler = new();
        WatchedTimeProvider clock = new();
        SmtpServer server = new(new SmtpServerSettings { HostName = "mx.example.com", MaxNoopCommands = 1000, MaxMessageSize = random.Next(2) * 500 }, handler, clock)
        {
            Sasl = new SaslServer(new SaslServerSettings { PlainInClear = true }, new SaslStores { Passwords = new Nobody() }),
        };
        SmtpSessionFacts facts = new("s", new ListenerFacts("MTA", null), new IPEndPoint(IPAddress.Loopback, 1), clock.GetUtcNow());
        Task session = Task.Run(() => server.RunAsync(pipe.Server, facts, CancellationToken.None));
        DateTime end = DateTime.UtcNow.AddSeconds(30);
        while (!pipe.IsServerWaiting)
        {
            Assert.True(DateTime.UtcNow < end, name + ": the session does not begin");
            await Task.Yield();
        }

        bool byLine = random.Next(2) == 0;
        for (int at = 0; at < said.Length;)
        {
            int line = said.AsSpan(at).IndexOf((byte)'\n') + 1;
            int count = byLine && line > 0 ? line : Math.Min(random.Next(1, 64), said.Length - at);
            await pipe.Client.WriteAsync(said.AsMemory(at, count));
            at += count;
        }

        pipe.CloseClient();
        while (!session.IsCompleted)
        {
            // A session that was slowed down sleeps on the fake clock.
            if (clock.Armed > 0) clock.Advance(TimeSpan.FromMinutes(4));
            Assert.True(DateTime.UtcNow < end, name + ": the session does not end");
            await Task.Yield();
        }

        await session;
        pipe.CloseServer();
        using StreamReader reader = new(pipe.Client, Encoding.UTF8);
        string heard = await reader.ReadToEndAsync();
        Assert.True(handler.Faults.Count == 0, $"{name}: {string.Join('\n', handler.Faults)}");
        Assert.True(handler.OpenTransactions == 0, name + ": a transaction is left open");
        Assert.True(Replies().IsMatch(heard), $"{name}: not a sequence of replies:\n{heard}");
        int last = -1;
        foreach (Match tag in Tag().Matches(heard))
        {
            int number = int.Parse(tag.ValueSpan[1..], CultureInfo.InvariantCulture);
            Assert.True(number >= last, $"{name}: t{number} was answered after t{last}:\n{heard}");
            last = number;
        }
    }

    private static byte[] Compose(Random random)
    {
        StringBuilder text = new();
        for (int i = 0, count = random.Next(2, 40); i < count; i++)
        {
            string word = Words[random.Next(Words.Length)].Replace("#", string.Create(CultureInfo.InvariantCulture, $"t{i}"), StringComparison.Ordinal);
            text.Append(word).Append(random.Next(20) switch { 0 => "\n", 1 => "\r", 2 => "", _ => "\r\n" });
        }

        byte[] octets = Encoding.Latin1.GetBytes(text.ToString());
        for (int i = random.Next(4); i > 0; i--)
        {
            // Tags stay what they are: they tell the order.
            int at = random.Next(octets.Length);
            byte octet = (byte)random.Next(256);
            if (!char.IsAsciiDigit((char)octets[at]) && !char.IsAsciiDigit((char)(octet & 0x7F))) octets[at] = octet;
        }

        return octets;
    }

    [GeneratedRegex(@"t\d+", RegexOptions.None, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\A([2345]\d\d[ -][^\r\n]*\r\n)+\z", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Replies();

    private sealed class Nobody : IPasswordVerifier
    {
        public ValueTask<string?> VerifyAsync(string userName, string password, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
    }
}
