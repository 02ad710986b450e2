using System.Text;

namespace Postrider.Mail.Headers;

/// <summary>Octets of a header section as text and back. Valid UTF-8 is read as such (RFC 6532 §3.1); anything else octet by octet as Latin-1, so that nothing is lost.</summary>
internal static class HeaderText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> octets)
    {
        if (Ascii.IsValid(octets)) return Encoding.ASCII.GetString(octets);
        return System.Text.Unicode.Utf8.IsValid(octets) ? StrictUtf8.GetString(octets) : Encoding.Latin1.GetString(octets);
    }

    public static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>RFC 5322 §2.2.3: unfolding removes every CRLF that white space follows. Blanks at both ends go too.</summary>
    public static string Unfold(ReadOnlySpan<byte> raw)
    {
        raw = raw.Trim(" \t\r\n"u8);
        if (raw.IndexOfAny((byte)'\r', (byte)'\n') < 0) return Decode(raw);
        byte[] unfolded = new byte[raw.Length];
        int length = 0;
        foreach (byte octet in raw)
        {
            if (octet is not ((byte)'\r' or (byte)'\n')) unfolded[length++] = octet;
        }

        return Decode(unfolded.AsSpan(0, length));
    }

    /// <summary>RFC 5322 §2.2: a field name is printable US-ASCII without colon.</summary>
    public static bool IsNameOctet(byte octet) => octet is > 32 and < 127 and not (byte)':';
}
