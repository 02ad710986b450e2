using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>First line of a drop file: <c>POSTRIDER-DROP/1 length sha256</c>, of a fixed length so that it can be written last, over what follows it.</summary>
internal static class DropHead
{
    private const string Magic = "POSTRIDER-DROP/1 ";
    private const int LengthDigits = 16;

    public const int Octets = 17 + LengthDigits + 1 + (SHA256.HashSizeInBytes * 2) + 1;

    public static byte[] Format(long length, ReadOnlySpan<byte> hash) =>
        Encoding.ASCII.GetBytes($"{Magic}{length.ToString("D16", CultureInfo.InvariantCulture)} {Convert.ToHexStringLower(hash)}\n");

    public static bool TryParse(ReadOnlySpan<byte> head, out long length, out byte[] hash)
    {
        length = 0;
        hash = new byte[SHA256.HashSizeInBytes];
        if (head.Length != Octets || head[^1] != '\n') return false;
        string text = Encoding.Latin1.GetString(head[..^1]);
        return text.StartsWith(Magic, StringComparison.Ordinal)
            && text[Magic.Length + LengthDigits] == ' '
            && long.TryParse(text.AsSpan(Magic.Length, LengthDigits), NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && Convert.FromHexString(text.AsSpan(Magic.Length + LengthDigits + 1), hash, out _, out int written) == System.Buffers.OperationStatus.Done
            && written == hash.Length;
    }
}
