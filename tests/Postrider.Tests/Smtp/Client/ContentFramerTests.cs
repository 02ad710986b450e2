using System.Text;
using Postrider.Smtp.Client;

namespace Postrider.Tests.Smtp.Client;

public class ContentFramerTests
{
    [Theory]
    [InlineData("", ".\r\n")]
    [InlineData("a\r\n", "a\r\n.\r\n")]
    [InlineData("a", "a\r\n.\r\n")]
    [InlineData(".\r\n", "..\r\n.\r\n")]
    [InlineData(".a\r\n..\r\nb.\r\n", "..a\r\n...\r\nb.\r\n.\r\n")]
    [InlineData("a\n.\nb\n", "a\r\n..\r\nb\r\n.\r\n")]
    [InlineData("a\r.\rb\r\n", "a . b\r\n.\r\n")]
    [InlineData("a\r\n.\nb\r\n", "a\r\n..\r\nb\r\n.\r\n")]
    [InlineData("a\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n")]
    [InlineData("a\r\r\n.\r\n", "a \r\n..\r\n.\r\n")]
    [InlineData("a\r", "a \r\n.\r\n")]
    [InlineData("\r\n.\r\n", "\r\n..\r\n.\r\n")]
    public async Task Content_is_framed_the_same_in_whatever_slices_it_comes(string content, string wire)
    {
        for (int slice = 1; slice <= Math.Max(1, content.Length); slice++) Assert.Equal(wire, await FrameAsync(Encoding.ASCII.GetBytes(content), slice));
    }

    [Fact]
    public async Task What_was_framed_is_got_back_by_a_peer_that_reads_as_RFC_5321_says()
    {
        Random random = new(20261121);
        for (int round = 0; round < 500; round++)
        {
            // Lines of dots, letters and nothing, some longer than one write.
            StringBuilder content = new();
            for (int line = random.Next(20); line > 0; line--) content.Append(new string(random.Next(3) == 0 ? '.' : 'x', random.Next(10) == 0 ? random.Next(20000) : random.Next(4))).Append("\r\n");
            string wire = await FrameAsync(Encoding.ASCII.GetBytes(content.ToString()), 1 + random.Next(30000));
            Assert.EndsWith(wire.Length == 3 ? ".\r\n" : "\r\n.\r\n", wire, StringComparison.Ordinal);
            string read = string.Concat(wire[..^3].Split("\r\n", StringSplitOptions.None)[..^1].Select(l => (l.StartsWith('.') ? l[1..] : l) + "\r\n"));
            Assert.Equal(content.ToString(), read);
        }
    }

    [Fact]
    public async Task No_sequence_of_line_ends_and_dots_ends_the_message_early()
    {
        // Every content of up to seven octets out of CR, LF, dot and a letter.
        char[] alphabet = ['\r', '\n', '.', 'x'];
        for (int length = 0; length <= 7; length++)
        {
            for (int number = 0; number < Math.Pow(4, length); number++)
            {
                byte[] content = new byte[length];
                for (int i = 0, rest = number; i < length; i++, rest /= 4) content[i] = (byte)alphabet[rest % 4];
                string wire = "\r\n" + await FrameAsync(content, 3);
                Assert.Equal(wire.Length - 5, wire.IndexOf("\r\n.\r\n", StringComparison.Ordinal));
                Assert.DoesNotMatch("\r(?!\n)|(?<!\r)\n", wire);
            }
        }
    }

    private static async Task<string> FrameAsync(byte[] content, int slice)
    {
        using MemoryStream wire = new();
        using SmtpClientWriter writer = new(wire);
        writer.BeginContent();
        for (int at = 0; at < content.Length; at += slice) await writer.WriteContentAsync(content.AsMemory(at, Math.Min(slice, content.Length - at)), default);
        writer.EndContent();
        await writer.FlushAsync(default);
        return Encoding.ASCII.GetString(wire.ToArray());
    }
}
