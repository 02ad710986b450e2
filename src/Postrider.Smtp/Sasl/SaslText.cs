using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>Octets of an exchange as text, strictly.</summary>
internal static class SaslText
{
    /// <summary>Longest name or password taken, in octets. RFC 4616 §2 lets a server bound them at 255; passwords made by machines are longer.</summary>
    public const int MaxOctets = 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null when the octets are no UTF-8, hold NUL, or are too many.</summary>
    public static string? Decode(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > MaxOctets || octets.Contains((byte)0)) return null;
        try
        {
            return Strict.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
