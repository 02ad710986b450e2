using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>The directives of a digest-response (RFC 2831 §2.1.2 and §7.1): <c>name=value</c>, <c>name="quoted \" value"</c>, separated by commas.</summary>
/// <remarks>Values are octets, one to a char, because their character set is told by one of them.</remarks>
internal static class DigestDirectives
{
    /// <summary>RFC 2831 §2.1.2: a server must take 4096 octets; longer ones are refused.</summary>
    internal const int MaxOctets = 4096;

    /// <summary>Names in lower case with their values; null if the message is malformed, or says a directive twice.</summary>
    internal static Dictionary<string, string>? Parse(ReadOnlySpan<byte> message)
    {
        if (message.Length > MaxOctets || message.Contains((byte)0)) return null;
        string text = Encoding.Latin1.GetString(message);
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        int at = 0;
        while (true)
        {
            // #rule of RFC 2616 §2.1: elements may be empty.
            while (at < text.Length && text[at] is ',' or ' ' or '\t' or '\r' or '\n') at++;
            if (at == text.Length) return found;
            int from = at;
            while (at < text.Length && IsToken(text[at])) at++;
            string name = text[from..at].ToLowerInvariant();
            SkipBlanks(text, ref at);
            if (name.Length == 0 || at == text.Length || text[at] != '=') return null;
            at++;
            SkipBlanks(text, ref at);
            if (Value(text, ref at) is not { } value || !found.TryAdd(name, value)) return null;
            SkipBlanks(text, ref at);
            if (at < text.Length && text[at] != ',') return null;
        }
    }

    private static string? Value(string text, ref int at)
    {
        if (at == text.Length || text[at] != '"')
        {
            int from = at;
            while (at < text.Length && IsToken(text[at])) at++;
            return at == from ? null : text[from..at];
        }

        StringBuilder value = new();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                return value.ToString();
            }

            if (text[at] == '\\' && ++at == text.Length) return null;
            value.Append(text[at]);
        }

        return null;
    }

    private static void SkipBlanks(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n') at++;
    }

    // RFC 2831 §7.1: token characters; a slash is taken too, because some clients do not quote digest-uri.
    private static bool IsToken(char c) => c is > ' ' and < '\x7f' && c is not ('(' or ')' or '<' or '>' or '@' or ',' or ';' or ':' or '\\' or '"' or '[' or ']' or '?' or '=' or '{' or '}');
}
