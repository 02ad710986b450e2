using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>Grammar of SCRAM messages (RFC 5802 §7), shared by both sides.</summary>
internal static class ScramMessage
{
    /// <summary>The attributes of a message in their order, or null when one is not <c>letter=value</c>. Order matters in SCRAM, so this is a list.</summary>
    public static List<KeyValuePair<char, string>>? Attributes(string message)
    {
        List<KeyValuePair<char, string>> attributes = [];
        foreach (string part in message.Split(','))
        {
            if (part.Length < 2 || part[1] != '=' || !char.IsAsciiLetter(part[0])) return null;
            attributes.Add(new(part[0], part[2..]));
        }

        return attributes;
    }

    /// <summary>saslname: "=2C" is a comma, "=3D" is "="; RFC 5802 §5.1: with any other "=" "the server MUST fail the authentication".</summary>
    public static string? DecodeName(string value)
    {
        StringBuilder name = new(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '=')
            {
                name.Append(value[i]);
                continue;
            }

            if (i + 2 >= value.Length) return null;
            char? c = value.AsSpan(i + 1, 2) switch { "2C" => ',', "3D" => '=', _ => null };
            if (c is null) return null;
            name.Append(c);
            i += 2;
        }

        return name.Length == 0 ? null : name.ToString();
    }

    public static string EncodeName(string name) => name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);

    /// <summary>A nonce: printable ASCII without comma (RFC 5802 §7).</summary>
    public static bool IsNonce(string value) => value.Length > 0 && value.All(c => c is >= '!' and <= '~' and not ',');

    /// <summary>Strict base64 of at most <paramref name="max"/> octets; null otherwise.</summary>
    public static byte[]? DecodeBase64(string value, int max = SaslText.MaxOctets)
    {
        if (value.Length > (max + 2) / 3 * 4 || value.Any(char.IsWhiteSpace)) return null;
        byte[] buffer = new byte[value.Length / 4 * 3];
        return Convert.TryFromBase64String(value, buffer, out int length) ? buffer[..length] : null;
    }
}
