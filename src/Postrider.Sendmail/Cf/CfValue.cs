using System.Globalization;
using System.Text;

namespace Postrider.Sendmail.Cf;

/// <summary>Values as sendmail reads them.</summary>
public static class CfValue
{
    /// <summary>
    /// The first letter decides: <c>t T y Y 1</c>, or an empty text, is true; <c>f F n N 0</c> is false. For anything else the result is false,
    /// and so is <paramref name="value"/>, as sendmail takes it.
    /// </summary>
    public static bool TryBoolean(string text, out bool value)
    {
        value = text.Length == 0 || "tTyY1".Contains(text[0], StringComparison.Ordinal);
        return value || "fFnN0".Contains(text[0], StringComparison.Ordinal);
    }

    /// <summary>A decimal number with an optional sign; blanks around it are allowed, and nothing at all is 0, as in sendmail.</summary>
    public static bool TryInteger(string text, out long value) =>
        long.TryParse(text.AsSpan().Trim().IsEmpty ? "0" : text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value);

    /// <summary>The number that a text begins with, behind blanks and a sign; 0 if there is none. So sendmail reads every number.</summary>
    public static long LeadingInteger(string text)
    {
        string trimmed = text.TrimStart(CfText.Blanks);
        int sign = trimmed.Length > 0 && trimmed[0] is '-' or '+' ? 1 : 0;
        string digits = string.Concat(trimmed.Skip(sign).TakeWhile(char.IsAsciiDigit).Take(18));
        return digits.Length == 0 ? 0 : long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) * (trimmed[0] == '-' ? -1 : 1);
    }

    /// <summary>Octal digits, as for a file mode.</summary>
    public static bool TryOctal(string text, out int value)
    {
        value = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '7' || value > 0x0fffffff) { return false; }
            value = value * 8 + (c - '0');
        }
        return text.Length > 0;
    }

    /// <summary>
    /// One or several numbers, each with a unit <c>s m h d w</c> (seconds, minutes, hours, days, weeks), added up: <c>2h30m</c>. A number without
    /// unit at the end counts in <paramref name="unit"/>. A minus sign in front of the first makes the whole negative. Nothing at all is 0, as in sendmail.
    /// </summary>
    public static bool TryInterval(string text, char unit, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        string trimmed = text.Trim();
        if (trimmed.Length == 0) { return true; }
        bool negative = trimmed.StartsWith('-');
        int at = negative ? 1 : 0;
        if (at == trimmed.Length) { return false; }
        double seconds = 0;
        while (at < trimmed.Length)
        {
            int from = at;
            while (at < trimmed.Length && char.IsAsciiDigit(trimmed[at])) { at++; }
            if (from == at || at - from > 12) { return false; }
            long number = long.Parse(trimmed.AsSpan(from, at - from), NumberStyles.None, CultureInfo.InvariantCulture);
            char letter = at < trimmed.Length ? char.ToLowerInvariant(trimmed[at++]) : unit;
            int factor = letter switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
            if (factor == 0) { return false; }
            seconds += (double)number * factor;
            while (at < trimmed.Length && trimmed[at] == ' ') { at++; }
        }
        // Ten thousand years: far beyond any meaning, well inside TimeSpan.
        if (seconds > 3.2e11) { return false; }
        value = TimeSpan.FromSeconds(negative ? -seconds : seconds);
        return true;
    }

    /// <summary>Words separated by commas or blanks; empty ones fall out.</summary>
    public static IReadOnlyList<string> List(string text) => text.Split([',', .. CfText.Blanks], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Splits <c>Key=value, Key=value</c>. Blanks around key and value fall out; a value may be empty; a part without equal sign has a null value. Commas
    /// inside double quotes do not separate.
    /// </summary>
    public static IReadOnlyList<(string Key, string? Value)> Pairs(string text)
    {
        var pairs = new List<(string Key, string? Value)>();
        foreach (string part in SplitOutsideQuotes(text, ','))
        {
            if (part.AsSpan().Trim().IsEmpty) { continue; }
            int equal = part.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(equal < 0 ? (part.Trim(), null) : (part[..equal].Trim(), part[(equal + 1)..].Trim()));
        }
        return pairs;
    }

    /// <summary>Reads the escapes <c>\n \r \t \b \f \\ \ooo</c>; a backslash before anything else stands for that.</summary>
    public static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length) { result.Append(text[i]); continue; }
            char c = text[++i];
            if (c is >= '0' and <= '7')
            {
                int code = 0;
                int end = Math.Min(text.Length, i + 3);
                for (; i < end && text[i] is >= '0' and <= '7'; i++) { code = code * 8 + text[i] - '0'; }
                i--;
                result.Append((char)(code & 255));
            }
            else { result.Append(c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => c }); }
        }
        return result.ToString();
    }

    internal static List<string> SplitOutsideQuotes(string text, char separator)
    {
        var parts = new List<string>();
        bool quoted = false;
        int from = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"') { quoted = !quoted; }
            if (i < text.Length && (text[i] != separator || quoted)) { continue; }
            parts.Add(text[from..i]);
            from = i + 1;
        }
        return parts;
    }
}
