using System.Text;
using System.Text.RegularExpressions;

namespace Postrider.Sendmail.Rewriting.MapTypes;

/// <summary>Turns a POSIX expression, basic or extended, into one of .NET.</summary>
internal static class PosixRegex
{
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["alpha"] = "a-zA-Z",
        ["digit"] = "0-9",
        ["alnum"] = "a-zA-Z0-9",
        ["upper"] = "A-Z",
        ["lower"] = "a-z",
        ["space"] = @" \t\n\v\f\r",
        ["blank"] = @" \t",
        ["xdigit"] = "0-9A-Fa-f",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["cntrl"] = @"\x00-\x1f\x7f",
        ["print"] = " -~",
        ["graph"] = "!-~",
    };

    internal static bool HasBackReference(string pattern)
    {
        for (int i = 0; i + 1 < pattern.Length; i++)
        {
            if (pattern[i] != '\\') { continue; }
            if (pattern[++i] is >= '1' and <= '9') { return true; }
        }
        return false;
    }

    internal static string Translate(string posix, bool basic)
    {
        var result = new StringBuilder(posix.Length + 8);
        for (int i = 0; i < posix.Length; i++)
        {
            char c = posix[i];
            switch (c)
            {
                case '\\' when i + 1 < posix.Length:
                    char next = posix[++i];
                    // \| \+ \? are not POSIX, but the expressions of sites were written for GNU's library.
                    if (basic && next is ('(' or ')' or '{' or '}' or '|' or '+' or '?')) { result.Append(next); }
                    else if (next is >= '1' and <= '9') { result.Append('\\').Append(next); }
                    else { AppendLiteral(result, next); }
                    break;
                case '[':
                    i = Bracket(posix, i, result);
                    break;
                case '$' when !basic || AtEnd(posix, i):
                    result.Append(@"\z");
                    break;
                case '^' when !basic || i == 0 || posix[i - 1] is '(' or '|':
                case '*' when !basic || (i > 0 && !(i == 1 && posix[0] == '^')):
                case '.':
                case '(' or ')' or '{' or '}' or '|' or '+' or '?' when !basic:
                    result.Append(c);
                    break;
                default:
                    AppendLiteral(result, c);
                    break;
            }
        }
        return result.ToString();
    }

    private static bool AtEnd(string posix, int i) => i + 1 == posix.Length || (posix[i + 1] == '\\' && i + 2 < posix.Length && posix[i + 2] is ')' or '|');

    private static void AppendLiteral(StringBuilder result, char c) => result.Append(Regex.Escape(c.ToString()));

    // In brackets a backslash is itself, and ] is itself in the first place.
    private static int Bracket(string posix, int open, StringBuilder result)
    {
        int i = open + 1;
        result.Append('[');
        if (i < posix.Length && posix[i] == '^') { result.Append('^'); i++; }
        for (bool first = true; i < posix.Length; i++, first = false)
        {
            char c = posix[i];
            if (c == ']' && !first) { break; }
            if (c == '[' && i + 1 < posix.Length && posix[i + 1] == ':' && posix.IndexOf(":]", i + 2, StringComparison.Ordinal) is > 0 and var close)
            {
                if (!Classes.TryGetValue(posix[(i + 2)..close], out string? members)) { throw new FormatException("pattern-compile-error: unknown character class name"); }
                result.Append(members);
                i = close + 1;
                continue;
            }
            if (c is '\\' or '[' or ']' or '^') { result.Append('\\'); }
            result.Append(c);
        }
        if (i >= posix.Length) { throw new FormatException("pattern-compile-error: unmatched ["); }
        result.Append(']');
        return i;
    }
}
