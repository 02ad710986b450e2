using System.Text;
using Postrider.Cli.Submission;

namespace Postrider.Tests.Cli;

/// <summary>A message on standard input: where it ends, what becomes of its lines and of its blind copies.</summary>
public sealed class LocalMessageTests
{
    [Theory]
    [InlineData("Subject: x\n\nline\n.\nafter\n", false, "Subject: x\r\n\r\nline\r\n")]
    [InlineData("Subject: x\n\nline\n.\nafter\n", true, "Subject: x\r\n\r\nline\r\n.\r\nafter\r\n")]
    [InlineData("Subject: x\n\n..\n.x\n", false, "Subject: x\r\n\r\n..\r\n.x\r\n")]
    [InlineData("Subject: x\r\n\r\nno end", false, "Subject: x\r\n\r\nno end\r\n")]
    [InlineData("Subject: x\n.\nnot a header\n", false, "Subject: x\r\n\r\n")]
    [InlineData("Subject: x\n\nends in a dot\n.", false, "Subject: x\r\n\r\nends in a dot\r\n")]
    public async Task Single_dot_ends_the_message_unless_i_says_otherwise(string given, bool ignoreDots, string expected)
    {
        foreach (int size in new[] { 1, 2, 3, 1000 }) Assert.Equal(expected, await ReadAsync(given, ignoreDots, size));
    }

    [Fact]
    public async Task Long_body_is_spooled_and_read_again_from_its_beginning()
    {
        string body = string.Concat(Enumerable.Repeat(new string('x', 78) + "\n", 40_000));
        await using LocalMessage message = await LocalMessage.ReadAsync(new MemoryStream(Encoding.ASCII.GetBytes("Subject: x\n\n" + body)), ignoreDots: true, CancellationToken.None);
        for (int i = 0; i < 2; i++)
        {
            MemoryStream content = new();
            await message.OpenContent().CopyToAsync(content);
            Assert.Equal("Subject: x\r\n\r\n".Length + (80 * 40_000), content.Length);
            Assert.Equal(message.Octets, content.Length);
        }
    }

    [Theory]
    [InlineData("To: a\nBcc: b\nSubject: x\n\n", "To: a\r\nSubject: x\r\n\r\n")]
    [InlineData("Bcc: b\nSubject: x\n\n", "Bcc:\r\nSubject: x\r\n\r\n")]
    public async Task Blind_copies_are_taken_and_not_shown(string given, string expected)
    {
        await using LocalMessage message = await LocalMessage.ReadAsync(new MemoryStream(Encoding.ASCII.GetBytes(given)), ignoreDots: true, CancellationToken.None);
        Assert.Contains(message.Recipients().Addresses, address => address.Address == "b");
        message.RemoveBlindCopies();
        Assert.Equal(expected, await new StreamReader(message.OpenContent()).ReadToEndAsync());
    }

    private static async Task<string> ReadAsync(string given, bool ignoreDots, int size)
    {
        await using LocalMessage message = await LocalMessage.ReadAsync(new SlowStream(Encoding.ASCII.GetBytes(given), size), ignoreDots, CancellationToken.None);
        using StreamReader reader = new(message.OpenContent());
        return await reader.ReadToEndAsync();
    }

    /// <summary>Gives a few octets at a time.</summary>
    private sealed class SlowStream(byte[] octets, int size) : MemoryStream(octets)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
