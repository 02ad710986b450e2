using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Postrider.Mail;

/// <summary>xtext of RFC 3461 §4: printable ASCII, with +HH for '+', '=' and everything else.</summary>
public static class XText
{
    public static string Encode(string text)
    {
        StringBuilder encoded = new(text.Length + 8);
        foreach (byte octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= 33 and <= 126 and not ((byte)'+' or (byte)'=')) encoded.Append((char)octet);
            else encoded.Append(CultureInfo.InvariantCulture, $"+{octet:X2}");
        }

        return encoded.ToString();
    }

    /// <summary>False when a character is outside xtext or a +HH is broken (upper-case hex only, RFC 3461 §4), or when it decodes to a control character.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        byte[] octets = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is < '!' or > '~' or '=') return false;
            if (c != '+')
            {
                octets[length++] = (byte)c;
                continue;
            }

            if (i + 2 >= text.Length || !IsUpperHex(text[i + 1]) || !IsUpperHex(text[i + 2])) return false;
            byte octet = byte.Parse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (octet is < 32 or 127) return false;
            octets[length++] = octet;
            i += 2;
        }

        decoded = Encoding.UTF8.GetString(octets, 0, length);
        return true;
    }

    private static bool IsUpperHex(char c) => c is (>= '0' and <= '9') or (>= 'A' and <= 'F');
}
