using System.Globalization;
using System.Text;

namespace Postrider.Mail.Dsn;

/// <summary>Texts of others made fit for a line of a report.</summary>
internal static class ReportText
{
    /// <summary>Longest line that is taken from others; RFC 5322 §2.1.1 allows 998 octets.</summary>
    private const int MaxLine = 900;

    /// <summary>One line for people: control characters become blanks, overlong text is cut.</summary>
    public static string Line(string text)
    {
        if (text.Length <= MaxLine && !HasControl(text)) return text;
        StringBuilder line = new(Math.Min(text.Length, MaxLine) + 4);
        foreach (char c in text)
        {
            if (line.Length >= MaxLine)
            {
                line.Append("...");
                break;
            }

            line.Append(IsControl(c) ? ' ' : c);
        }

        return line.ToString();
    }

    /// <summary>A value of message/delivery-status, which is US-ASCII: other characters as <c>\x{HEX}</c> (RFC 6533 §3, utf-8-addr-xtext).</summary>
    public static string Field(string text)
    {
        text = Line(text);
        if (Ascii.IsValid(text)) return text;
        StringBuilder ascii = new(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.IsAscii) ascii.Append((char)rune.Value);
            else ascii.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X2}}}");
            if (ascii.Length >= MaxLine) break;
        }

        return ascii.ToString();
    }

    /// <summary><c>rfc822</c>, or <c>utf-8</c> for an address that is not ASCII (RFC 6533 §3).</summary>
    public static string Address(string type, string address) => Ascii.IsValid(address) ? $"{type}; {Line(address)}" : $"utf-8; {Field(address)}";

    private static bool IsControl(char c) => c < ' ' || c == 127 || c is >= '\u0080' and < '\u00a0';

    private static bool HasControl(string text)
    {
        foreach (char c in text)
        {
            if (IsControl(c)) return true;
        }

        return false;
    }
}
