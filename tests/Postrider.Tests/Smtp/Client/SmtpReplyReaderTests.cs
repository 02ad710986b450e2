using System.Text;
using Postrider.Mail;
using Postrider.Smtp.Client;

namespace Postrider.Tests.Smtp.Client;

public class SmtpReplyReaderTests
{
    [Theory]
    [InlineData("250 ok\r\n", "250 ok")]
    [InlineData("250\r\n", "250 ")]
    [InlineData("250 ok\n", "250 ok")]
    [InlineData("250-a\r\n250-b\r\n250 c\r\n", "250 a|b|c")]
    [InlineData("550-5.1.1 a\r\n550 5.1.1 b\r\n", "550 5.1.1 a|b")]
    [InlineData("250 2.1.0x\r\n", "250 2.1.0x")]
    [InlineData("250 5.1.1 a status of another class is text\r\n", "250 5.1.1 a status of another class is text")]
    [InlineData("250 bell \a and NUL \0 and escape \u001b[2J\r\n", "250 bell ? and NUL ? and escape ?[2J")]
    public async Task A_reply_is_read_whole_however_it_arrives(string wire, string expected)
    {
        foreach (int piece in new[] { 1, 2, 7, 1000 })
        {
            using SmtpReplyReader reader = new(new PieceStream(Encoding.Latin1.GetBytes(wire), piece));
            SmtpReply reply = await reader.ReadAsync(enhanced: true, SmtpClientPhase.Mail, default);
            Assert.Equal(expected, $"{reply.Code} {(reply.Status is { } s ? s + " " : "")}{string.Join('|', reply.Lines)}");
        }
    }

    [Theory]
    [InlineData("25 ok\r\n")]
    [InlineData("150 ok\r\n")]
    [InlineData("650 ok\r\n")]
    [InlineData("260 ok\r\n")]
    [InlineData("2500 ok\r\n")]
    [InlineData("250_ok\r\n")]
    [InlineData("ok\r\n")]
    [InlineData("\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("250-a\r\n550 b\r\n")]
    public async Task What_is_no_reply_loses_the_connection(string wire)
    {
        using SmtpReplyReader reader = new(new MemoryStream(Encoding.ASCII.GetBytes(wire)));
        SmtpProtocolException e = await Assert.ThrowsAsync<SmtpProtocolException>(() => reader.ReadAsync(true, SmtpClientPhase.Mail, default).AsTask());
        Assert.Equal(SmtpConnectionLoss.BadReply, e.Loss);
    }

    [Fact]
    public async Task Line_length_line_count_and_reply_length_are_bounded()
    {
        string[] wires = ["250 " + new string('x', 3000) + "\r\n", new string('2', 100_000), string.Concat(Enumerable.Repeat("250-x\r\n", 1000)), string.Concat(Enumerable.Repeat($"250-{new string('x', 2000)}\r\n", 100))];
        foreach (string wire in wires)
        {
            using SmtpReplyReader reader = new(new MemoryStream(Encoding.ASCII.GetBytes(wire)));
            SmtpProtocolException e = await Assert.ThrowsAsync<SmtpProtocolException>(() => reader.ReadAsync(true, SmtpClientPhase.Mail, default).AsTask());
            Assert.Equal(SmtpConnectionLoss.BadReply, e.Loss);
        }
    }

    [Fact]
    public async Task Replies_that_come_together_are_read_one_by_one()
    {
        using SmtpReplyReader reader = new(new MemoryStream("250 a\r\n251-b\r\n251 c\r\n354 d\r\n"u8.ToArray()));
        List<int> codes = [];
        for (int i = 0; i < 3; i++) codes.Add((await reader.ReadAsync(false, SmtpClientPhase.Rcpt, default)).Code);
        Assert.Equal([250, 251, 354], codes);
        Assert.False(reader.HasBuffered);
    }

    [Fact]
    public async Task Random_octets_end_in_a_reply_or_in_a_lost_connection()
    {
        Random random = new(7);
        byte[] alphabet = [.. "2345 0-.\r\n\0x\xff"u8];
        for (int round = 0; round < 5000; round++)
        {
            byte[] wire = new byte[random.Next(200)];
            for (int i = 0; i < wire.Length; i++) wire[i] = alphabet[random.Next(alphabet.Length)];
            using SmtpReplyReader reader = new(new PieceStream(wire, 1 + random.Next(50)));
            try
            {
                while (true) Assert.InRange((await reader.ReadAsync(random.Next(2) == 0, SmtpClientPhase.Rcpt, default)).Code, 200, 559);
            }
            catch (SmtpProtocolException)
            {
                // As it should.
            }
        }
    }

    private sealed class PieceStream(byte[] octets, int piece) : MemoryStream(octets)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
