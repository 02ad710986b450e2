using System.Text;

namespace Postrider.Sendmail.Cf;

/// <summary>How the text of a line is cut.</summary>
internal static class CfText
{
    /// <summary>Takes a trailing comment away, with the blanks in front of it; per physical line, as sendmail does.</summary>
    internal static string StripComment(string text)
    {
        if (!text.Contains('#', StringComparison.Ordinal)) { return text; }
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '#' && result.Length > 0 && result[^1] == '\\') { result[^1] = '#'; continue; }
            // $# is a mailer, but behind $$ (a dollar sign) a comment begins.
            if (c != '#' || IsMailer(result)) { result.Append(c); continue; }
            while (result.Length > 0 && result[^1] is ' ' or '\t') { result.Length--; }
            while (i + 1 < text.Length && text[i + 1] != '\n') { i++; }
        }
        return result.ToString();
    }

    private static bool IsMailer(StringBuilder text)
    {
        int dollars = 0;
        while (dollars < text.Length && text[^(dollars + 1)] == '$') { dollars++; }
        return dollars % 2 == 1;
    }

    /// <summary>Each physical line ends at its first NUL, as sendmail 8.17 reads.</summary>
    internal static string BeforeNul(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Select(static line => line.Split('\0')[0])) : text;

    /// <summary>The inverse: a text from which no comment will be taken.</summary>
    internal static string ProtectComment(string text)
    {
        if (!text.Contains('#', StringComparison.Ordinal)) { return text; }
        var result = new StringBuilder(text.Length + 4);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '#' && !(i > 0 && text[i - 1] == '$')) { result.Append('\\'); }
            result.Append(text[i]);
        }
        return result.ToString();
    }

    /// <summary>Reads a macro or class name: one character, or <c>{name}</c>. The rest starts behind it.</summary>
    internal static string? Name(string text, out string rest)
    {
        rest = "";
        if (text.Length == 0) { return null; }
        if (text[0] != '{')
        {
            rest = text[1..];
            return text[..1];
        }
        int end = text.IndexOf('}', StringComparison.Ordinal);
        if (end < 2) { return null; }
        rest = text[(end + 1)..];
        return text[1..end];
    }

    internal static readonly char[] Blanks = [' ', '\t', '\n', '\r', '\v', '\f'];

    /// <summary>What follows the first word and the blanks behind it.</summary>
    internal static string BehindWord(string text)
    {
        int end = text.IndexOfAny(Blanks);
        return end < 0 ? "" : text[end..].TrimStart(Blanks);
    }

    internal static string[] Words(string text) => text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
}
