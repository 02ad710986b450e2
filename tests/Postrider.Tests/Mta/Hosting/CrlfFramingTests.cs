using System.Text;
using Postrider.Mta.Hosting;

namespace Postrider.Tests.Mta.Hosting;

public sealed class CrlfFramingTests
{
    [Theory]
    [InlineData("a\nb\n", "a\r\nb\r\n")]
    [InlineData("a\r\nb", "a\r\nb\r\n")]
    [InlineData("a\rb\n", "a\r\nb\r\n")]
    [InlineData("a\r\r\nb\n", "a\r\n\r\nb\r\n")]
    [InlineData("a\n.\nb\n", "a\r\n.\r\nb\r\n")]
    [InlineData("a\0b\n", "ab\r\n")]
    [InlineData("\n\n", "\r\n\r\n")]
    [InlineData("", "")]
    public void Lines_end_in_CRLF_and_nothing_else_does_however_the_octets_arrive(string given, string expected)
    {
        for (int size = 1; size <= Math.Max(1, given.Length); size++) Assert.Equal(expected, Frame(given, size));
    }

    private static string Frame(string given, int size)
    {
        CrlfFraming framing = new();
        byte[] source = Encoding.Latin1.GetBytes(given);
        byte[] destination = new byte[(source.Length * 2) + 2];
        StringBuilder result = new();
        for (int at = 0; at < source.Length; at += size)
        {
            int written = framing.Write(source.AsSpan(at, Math.Min(size, source.Length - at)), destination);
            result.Append(Encoding.Latin1.GetString(destination, 0, written));
        }

        return result.Append(Encoding.Latin1.GetString(destination, 0, framing.Finish(destination))).ToString();
    }
}
