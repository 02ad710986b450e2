using System.Text;
using Postrider.Mail;
using Postrider.Smtp.Server;
using Postrider.Testing;

namespace Postrider.Tests.Smtp.Server;

public sealed class DotStuffedContentTests
{
    private static readonly SmtpServerSettings Settings = new() { HostName = "mx.example.com" };

    [Theory]
    [InlineData(".\r\n", "", "")]
    [InlineData("a\r\n.\r\nNOOP\r\n", "a\r\n", "NOOP\r\n")]
    [InlineData("..\r\n...\r\n.a\r\n.\r\n", ".\r\n..\r\na\r\n", "")]
    [InlineData("a.\r\n.b.\r\n.\r\n", "a.\r\nb.\r\n", "")]
    [InlineData("\r\n\r\n.\r\n", "\r\n\r\n", "")]
    public async Task Dots_are_taken_away_and_what_follows_the_end_stays(string wire, string content, string rest)
    {
        for (int cut = 1; cut <= wire.Length; cut++)
        {
            (string got, SmtpReply? failure, string left) = await ReadAsync(wire, cut);
            Assert.Null(failure);
            Assert.Equal(content, got);
            Assert.Equal(rest, left);
        }
    }

    /// <summary>Every word over the octets that matter, against a reader that goes octet by octet and knows nothing of buffers.</summary>
    [Fact]
    public async Task Every_short_word_reads_as_the_plain_definition_says()
    {
        const string Alphabet = "\r\n.x";
        for (int length = 1; length <= 6; length++)
        {
            int words = (int)Math.Pow(Alphabet.Length, length);
            for (int word = 0; word < words; word++)
            {
                StringBuilder text = new();
                for (int i = 0, left = word; i < length; i++, left /= Alphabet.Length) text.Append(Alphabet[left % Alphabet.Length]);
                string wire = text + "\r\n.\r\n";
                (string content, string? fault) expected = Define(wire);
                foreach (int cut in (int[])[1, 2, 3, wire.Length])
                {
                    (string got, SmtpReply? failure, _) = await ReadAsync(wire, cut);
                    string shown = wire.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
                    Assert.True(expected.fault == failure?.Text, $"{shown} cut in {cut}: {failure?.Text ?? "taken"}, should be {expected.fault ?? "taken"}");
                    if (expected.fault is null) Assert.True(expected.content == got, $"{shown} cut in {cut}: {got}");
                }
            }
        }
    }

    [Fact]
    public async Task Content_of_100_MB_allocates_no_more_than_a_small_one()
    {
        await MeasureAsync(1000);
        long small = await MeasureAsync(1000);
        long large = await MeasureAsync(1_500_000);

        // One state machine per buffer in a debug build, none in a release; never anything per line or per octet.
        Assert.True(large - small < 1 << 20, $"{small} octets allocated for 70 KB, {large} for 100 MB");
    }

    private static async Task<long> MeasureAsync(int lines)
    {
        LinesStream stream = new(lines);
        await using SmtpWire wire = new(stream, TimeProvider.System, TimeSpan.FromHours(1), CancellationToken.None);
        DotStuffedContent content = new(wire, Settings, TimeProvider.System, () => SmtpReplies.Internal);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long octets = 0;
        while (true)
        {
            ReadOnlyMemory<byte> slice = await content.ReadAsync(CancellationToken.None);
            if (slice.IsEmpty) break;
            octets += slice.Length;
        }

        Assert.Equal(lines * (long)LinesStream.Line.Length, octets);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task<(string Content, SmtpReply? Failure, string Left)> ReadAsync(string octets, int cut)
    {
        MemoryDuplex pipe = new();
        await using SmtpWire wire = new(pipe.Server, TimeProvider.System, TimeSpan.FromHours(1), CancellationToken.None);
        DotStuffedContent content = new(wire, Settings, TimeProvider.System, () => SmtpReplies.Internal);
        byte[] bytes = Encoding.Latin1.GetBytes(octets);
        StringBuilder got = new();
        SmtpReply? failure = null;
        Task reading = ReadAllAsync();
        for (int at = 0; at < bytes.Length; at += cut) await pipe.Client.WriteAsync(bytes.AsMemory(at, Math.Min(cut, bytes.Length - at)));
        pipe.CloseClient();
        await reading;
        string rest = Encoding.Latin1.GetString(wire.Buffered.Span);
        while (failure is null && await wire.FillAsync(isIdle: false)) rest = Encoding.Latin1.GetString(wire.Buffered.Span);
        return (got.ToString(), failure, rest);

        async Task ReadAllAsync()
        {
            try
            {
                while (await content.ReadAsync(CancellationToken.None) is { IsEmpty: false } slice) got.Append(Encoding.Latin1.GetString(slice.Span));
            }
            catch (SmtpContentException e)
            {
                failure = e.Reply;
                Assert.True(await content.DropAsync(), "the end was not found behind the fault");
            }
        }
    }

    private static (string Content, string? Fault) Define(string wire)
    {
        StringBuilder content = new();
        for (int at = 0; ;)
        {
            if (wire[at] == '.' && wire.AsSpan(at).StartsWith(".\r\n")) return (content.ToString(), null);
            int end = at;
            while (wire[end] is not ('\r' or '\n')) end++;
            if (wire[end] == '\n') return ("", "Bare linefeed (LF) not allowed");
            if (wire[end + 1] != '\n') return ("", "Bare carriage return (CR) not allowed");
            string line = wire[at..(end + 2)];
            content.Append(line.StartsWith('.') ? line[1..] : line);
            at = end + 2;
        }
    }

    /// <summary>So many lines and the end mark, made on the fly.</summary>
    private sealed class LinesStream(int lines) : Stream
    {
        private static readonly byte[] End = ".\r\n"u8.ToArray();
        private readonly byte[] block = MakeBlock();
        private long left = lines * (long)Line.Length;
        private int at;
        private int end;

        public static byte[] Line { get; } = [.. Enumerable.Repeat((byte)'x', 68), (byte)'\r', (byte)'\n'];

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = (int)Math.Min(Math.Min(buffer.Length, left), block.Length - at);
            if (left == 0)
            {
                count = Math.Min(buffer.Length, End.Length - end);
                End.AsSpan(end, count).CopyTo(buffer.Span);
                end += count;
                return ValueTask.FromResult(count);
            }

            block.AsSpan(at, count).CopyTo(buffer.Span);
            at = (at + count) % block.Length;
            left -= count;
            return ValueTask.FromResult(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private static byte[] MakeBlock() => [.. Enumerable.Repeat(Line, 2000).SelectMany(line => line)];
    }
}
