using System.Text;

namespace Postrider.Mta.Maps;

/// <summary>Texts on their way to a source and back. One character is one octet, as everywhere between a message and its maps.</summary>
internal static class AnswerText
{
    /// <summary>Longest answer taken, in octets. Ours: an address has at most 256, a list of them in a directory some thousands.</summary>
    public const int MaxLength = 65_536;

    /// <summary>Control characters become <c>X</c>, as sendmail 8.17 writes them in what the DNS said: no line end and no metasymbol comes out of a source. A tab stays.</summary>
    public static string Clean(string text) => Replaced(text, static c => (c < ' ' && c != '\t') || c == '\x7f' || c is >= '\uFDD0' and <= '\uFDEF');

    /// <summary>As <see cref="Clean"/>, and nothing beyond ASCII: a name server is the last to be trusted with that.</summary>
    public static string CleanAscii(string text) => Replaced(text, static c => c is < ' ' or > '~');

    public static string Read(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

    public static byte[] Octets(string text) => text.AsSpan().ContainsAnyExceptInRange('\0', '\xff') ? Encoding.UTF8.GetBytes(text) : Encoding.Latin1.GetBytes(text);

    private static string Replaced(string text, Predicate<char> isBad)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (isBad(text[i])) return string.Concat(text.Select(c => isBad(c) ? 'X' : c));
        }

        return text;
    }
}
