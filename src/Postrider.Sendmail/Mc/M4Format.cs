using System.Globalization;
using System.Text;

namespace Postrider.Sendmail.Mc;

/// <summary>The <c>format</c> builtin: C's <c>printf</c> for <c>d i o u x X c s a e f g E F G A %</c> with flags, width and precision.</summary>
internal static class M4Format
{
    internal static string Apply(M4Call call)
    {
        string format = call[1];
        int argument = 2;
        var result = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%') { result.Append(format[i]); continue; }
            if (i + 1 < format.Length && format[i + 1] == '%') { result.Append('%'); i++; continue; }
            int end = i + 1;
            var flags = new StringBuilder();
            while (end < format.Length && "-+ #0'".Contains(format[end], StringComparison.Ordinal)) { flags.Append(format[end++]); }
            int width = Size(call, format, ref end, ref argument) ?? 0;
            if (width < 0) { flags.Append('-'); width = -width; }
            int? precision = null;
            if (end < format.Length && format[end] == '.')
            {
                end++;
                precision = Size(call, format, ref end, ref argument) ?? 0;
                if (precision < 0) { precision = null; }
            }
            while (end < format.Length && format[end] is 'h' or 'l') { end++; }
            char kind = end < format.Length ? format[end] : '\0';
            if (!"diouxXcsaAeEfFgG".Contains(kind, StringComparison.Ordinal) || kind == '\0')
            {
                call.Warn($"unrecognized specifier in `{format}'");
                return result.Append(format, i, format.Length - i).ToString();
            }
            call.Engine.CheckText(Math.Max(width, precision ?? 0));
            if (argument > call.Count) { call.Warn("too few arguments for the format"); }
            result.Append(One(kind, flags.ToString(), width, precision, call, argument++));
            call.Engine.CheckText(result.Length);
            i = end;
        }
        return result.ToString();
    }

    private static int? Size(M4Call call, string format, ref int at, ref int argument)
    {
        if (at < format.Length && format[at] == '*')
        {
            at++;
            return Leading(call, argument++);
        }
        int from = at;
        while (at < format.Length && char.IsAsciiDigit(format[at])) { at++; }
        if (from == at) { return null; }
        return int.TryParse(format.AsSpan(from, at - from), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : call.Engine.Limits.Text + 1;
    }

    private static string One(char kind, string flags, int width, int? precision, M4Call call, int argument)
    {
        string text = call[argument];
        if (kind == 's') { return Pad(precision is { } most && most < text.Length ? text[..most] : text, flags.Replace("0", "", StringComparison.Ordinal), width, ""); }
        if (kind == 'c')
        {
            int code = Leading(call, argument);
            // A number that is none gives nothing, as in GNU m4 1.4.19 (its NUL octet ends the text).
            string character = (code & 255) == 0 ? "" : ((char)(code & 255)).ToString();
            return Pad(character, flags.Replace("0", "", StringComparison.Ordinal), width, "");
        }
        if (kind is 'd' or 'i' or 'o' or 'u' or 'x' or 'X')
        {
            return Whole(kind, flags, width, precision, Leading(call, argument));
        }
        double real = Leading(text, call);
        return Real(kind, flags, width, precision ?? (char.ToLowerInvariant(kind) == 'a' ? -1 : 6), real);
    }

    /// <summary>Unlike other builtins this one takes the number that a text begins with, and warns of the rest.</summary>
    private static int Leading(M4Call call, int argument)
    {
        if (argument > call.Count) { return 0; }
        string text = call[argument];
        if (text.Length == 0) { call.Warn("empty string treated as 0"); return 0; }
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart(" \t\n\v\f\r");
        int end = rest.Length > 0 && rest[0] is '-' or '+' ? 1 : 0;
        while (end < rest.Length && char.IsAsciiDigit(rest[end])) { end++; }
        if (end < rest.Length) { call.Warn($"non-numeric argument `{text}'"); }
        return long.TryParse(rest[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? unchecked((int)value) : 0;
    }

    private static double Leading(string text, M4Call call)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart(" \t\n\v\f\r");
        for (int end = rest.Length; end > 0; end--)
        {
            if (!double.TryParse(rest[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value)) { continue; }
            if (end < rest.Length) { call.Warn($"non-numeric argument `{text}'"); }
            return value;
        }
        return 0;
    }

    private static string Whole(char kind, string flags, int width, int? precision, int value)
    {
        bool signed = kind is 'd' or 'i';
        string digits = kind switch
        {
            'o' => Convert.ToString(value, 8),
            'x' => value.ToString("x", CultureInfo.InvariantCulture),
            'X' => value.ToString("X", CultureInfo.InvariantCulture),
            'u' => ((uint)value).ToString(CultureInfo.InvariantCulture),
            _ => Math.Abs((long)value).ToString(CultureInfo.InvariantCulture),
        };
        if (precision is { } least)
        {
            flags = flags.Replace("0", "", StringComparison.Ordinal);
            digits = least == 0 && value == 0 ? "" : digits.PadLeft(least, '0');
        }
        string prefix = signed ? Sign(value < 0, flags) : "";
        if (flags.Contains('#', StringComparison.Ordinal))
        {
            if (kind == 'o' && !digits.StartsWith('0')) { digits = "0" + digits; }
            if (kind is 'x' or 'X' && value != 0) { prefix = "0" + kind; }
        }
        return Pad(digits, flags, width, prefix);
    }

    private static string Real(char kind, string flags, int width, int precision, double value)
    {
        bool upper = char.IsAsciiLetterUpper(kind);
        string prefix = Sign(double.IsNegative(value), flags);
        double size = Math.Abs(value);
        if (!double.IsFinite(size)) { return Pad(Case(double.IsNaN(size) ? "nan" : "inf", upper), flags.Replace("0", "", StringComparison.Ordinal), width, prefix); }
        bool point = flags.Contains('#', StringComparison.Ordinal);
        string digits = char.ToLowerInvariant(kind) switch
        {
            'f' => size.ToString("F" + precision, CultureInfo.InvariantCulture) + (point && precision == 0 ? "." : ""),
            'e' => Exponential(size, precision, point),
            'g' => General(size, precision == 0 ? 1 : precision, point),
            _ => Hexadecimal(size, precision, ref prefix),
        };
        return Pad(Case(digits, upper), flags, width, Case(prefix, upper));
    }

    private static string Exponential(double size, int precision, bool point)
    {
        string text = size.ToString((precision == 0 ? "0" : "0." + new string('0', precision)) + "e+00", CultureInfo.InvariantCulture);
        return point && precision == 0 ? text.Replace("e", ".e", StringComparison.Ordinal) : text;
    }

    private static string General(double size, int precision, bool point)
    {
        string scientific = Exponential(size, precision - 1, point: false);
        int e = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        bool fixedPoint = size == 0 || exponent >= -4 && exponent < precision;
        string mantissa = fixedPoint ? size.ToString("F" + (precision - 1 - (size == 0 ? 0 : exponent)), CultureInfo.InvariantCulture) : scientific[..e];
        if (!point && mantissa.Contains('.', StringComparison.Ordinal)) { mantissa = mantissa.TrimEnd('0').TrimEnd('.'); }
        return fixedPoint ? mantissa : mantissa + scientific[e..];
    }

    private static string Hexadecimal(double size, int precision, ref string prefix)
    {
        prefix += "0x";
        if (size == 0) { return precision > 0 ? "0." + new string('0', precision) + "p+0" : "0p+0"; }
        int exponent = 0;
        while (size >= 2) { size /= 2; exponent++; }
        while (size < 1) { size *= 2; exponent--; }
        ulong fraction = (ulong)Math.ScaleB(size, 52);
        if (precision is >= 0 and < 13)
        {
            int drop = 4 * (13 - precision);
            ulong half = 1UL << (drop - 1);
            ulong rest = fraction & ((1UL << drop) - 1);
            fraction >>= drop;
            if (rest > half || rest == half && (fraction & 1) != 0) { fraction++; }
            fraction <<= drop;
        }
        string digits = (fraction & ((1UL << 52) - 1)).ToString("x13", CultureInfo.InvariantCulture);
        digits = precision < 0 ? digits.TrimEnd('0') : digits.PadRight(precision, '0')[..precision];
        return $"{fraction >> 52}{(digits.Length > 0 ? "." : "")}{digits}p{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}";
    }

    private static string Sign(bool negative, string flags) =>
        negative ? "-" : flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "";

    private static string Case(string text, bool upper) => upper ? text.ToUpperInvariant() : text;

    private static string Pad(string digits, string flags, int width, string prefix)
    {
        int fill = width - prefix.Length - digits.Length;
        if (fill <= 0) { return prefix + digits; }
        if (flags.Contains('-', StringComparison.Ordinal)) { return prefix + digits + new string(' ', fill); }
        return flags.Contains('0', StringComparison.Ordinal) ? prefix + new string('0', fill) + digits : new string(' ', fill) + prefix + digits;
    }
}
