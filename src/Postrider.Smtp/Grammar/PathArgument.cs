using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Postrider.Mail;

namespace Postrider.Smtp.Grammar;

/// <summary>
/// <c>FROM:</c> or <c>TO:</c> and the path after it, with sendmail's tolerances (oracle 05): blanks after the colon, brackets missing or doubled,
/// comments, blanks inside the brackets, source routes.
/// </summary>
/// <param name="Given">The path as the peer spelt it, for the replies about it.</param>
/// <param name="Address">Without brackets, comments and source route; empty for the null path.</param>
/// <param name="Parameters">What follows the path.</param>
internal sealed record PathArgument(string Given, string Address, string Parameters)
{
    /// <summary>Longest path in octets, brackets included. sendmail 8.17, oracle 05: "too long (255 bytes max)".</summary>
    public const int MaxLength = 255;

    /// <summary>BlankSub of the generated sendmail.cf: what an unquoted blank in an address becomes.</summary>
    private const char BlankSubstitute = '.';

    private static readonly SearchValues<char> NotInDomains = SearchValues.Create("<>,;\"()\\");

    public static bool TryParse(string argument, string keyword, [NotNullWhen(true)] out PathArgument? path, [NotNullWhen(false)] out SmtpReply? error)
    {
        path = null;
        ReadOnlySpan<char> text = argument;
        int end = text.IndexOfAny(' ', '\t', ':');
        ReadOnlySpan<char> word = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[end..].TrimStart(" \t");
        if (text.IsEmpty || text[0] != ':' || !word.Equals(keyword, StringComparison.OrdinalIgnoreCase) || (text = text[1..].TrimStart(" \t")).IsEmpty)
        {
            error = SyntaxReplies.Scanning(word);
            return false;
        }

        if (!TryFindEnd(text, out int length, out char unbalanced, out bool isList))
        {
            error = SyntaxReplies.Unbalanced(text.ToString(), unbalanced);
            return false;
        }

        string given = text[..length].ToString();
        if (given.Length > MaxLength)
        {
            error = SyntaxReplies.TooLong(given[..MaxLength]);
            return false;
        }

        error = isList ? SyntaxReplies.OnePathOnly(given) : null;
        string address = error is null ? AddressOf(given) : "";
        error ??= Fault(given, address);
        if (error is not null) return false;
        path = new PathArgument(given, address, text[length..].ToString());
        return true;
    }

    /// <summary>A path ends at the first blank outside brackets, comments and quotes.</summary>
    private static bool TryFindEnd(ReadOnlySpan<char> text, out int length, out char unbalanced, out bool isList)
    {
        int angles = 0, parentheses = 0;
        bool quoted = false;
        isList = false;
        unbalanced = '\0';
        for (length = 0; length < text.Length; length++)
        {
            char c = text[length];
            if (c == '\\' && length + 1 < text.Length) length++;
            else if (quoted) quoted = c != '"';
            else if (parentheses > 0) parentheses += c == '(' ? 1 : c == ')' ? -1 : 0;
            else if (c is ' ' or '\t' && angles == 0) break;
            else if (c == '"') quoted = true;
            else if (c == '(') parentheses++;
            else if (c == '<') angles++;
            else if (c == '>' && angles-- == 0) unbalanced = '>';
            else if (c == ')') unbalanced = ')';
            else if (c == ',' && angles == 0) isList = true;
            if (unbalanced != '\0') break;
        }

        if (unbalanced == '\0') unbalanced = quoted ? '"' : parentheses > 0 ? '(' : angles > 0 ? '<' : '\0';
        return unbalanced == '\0';
    }

    private static string AddressOf(string given)
    {
        ReadOnlySpan<char> text = WithoutComments(given);
        int open = LastUnquoted(text, '<');
        if (open >= 0)
        {
            text = text[(open + 1)..];
            int close = FirstUnquoted(text, '>');
            text = close < 0 ? text : text[..close];
        }

        text = text.Trim(" \t");

        // RFC 5321 §4.1.2, §C: source routes are to be accepted and should be ignored.
        while (text.StartsWith('@') && FirstUnquoted(text, ':') is var colon and >= 0) text = text[(colon + 1)..].TrimStart(" \t");
        return text.IndexOfAny(' ', '\t') < 0 ? text.ToString() : WithoutBlanks(text);
    }

    private static SmtpReply? Fault(string given, string address)
    {
        if (address.Length == 0) return given.Contains('<', StringComparison.Ordinal) && !given.Contains('@', StringComparison.Ordinal) ? null : SyntaxReplies.UserRequired(given);
        foreach (char c in address)
        {
            if (char.IsControl(c)) return SyntaxReplies.IllegalCharacter(given);
        }

        int at = LastUnquoted(address, '@');
        if (at < 0) return FirstUnquoted(address, ',') >= 0 ? SyntaxReplies.OnePathOnly(given) : null;
        ReadOnlySpan<char> local = address.AsSpan(0, at), domain = address.AsSpan(at + 1);
        if (local.IsEmpty) return SyntaxReplies.UserRequired(given);
        if (domain.Trim('.').IsEmpty) return SyntaxReplies.HostRequired(given);
        if (FirstUnquoted(local, '@') >= 0) return SyntaxReplies.InvalidRoute(given);
        if (FirstUnquoted(local, ',') >= 0) return SyntaxReplies.OnePathOnly(given);
        return domain.ContainsAny(NotInDomains) ? SyntaxReplies.IllegalCharacter(given) : null;
    }

    private static ReadOnlySpan<char> WithoutComments(string text)
    {
        if (!text.Contains('(', StringComparison.Ordinal)) return text;
        char[] kept = new char[text.Length];
        int count = 0, depth = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool pair = c == '\\' && i + 1 < text.Length;
            if (!pair && c == '"' && depth == 0) quoted = !quoted;
            if (!pair && !quoted && c == '(') depth++;
            if (depth == 0)
            {
                kept[count++] = c;
                if (pair) kept[count++] = text[i + 1];
            }

            if (!pair && !quoted && c == ')' && depth > 0) depth--;
            if (pair) i++;
        }

        return kept.AsSpan(0, count);
    }

    private static string WithoutBlanks(ReadOnlySpan<char> text)
    {
        char[] joined = text.ToArray();
        for (int i = 0; i < joined.Length; i++)
        {
            if (joined[i] is ' ' or '\t' && !IsQuoted(text, i)) joined[i] = BlankSubstitute;
        }

        return new string(joined);
    }

    private static bool IsQuoted(ReadOnlySpan<char> text, int position)
    {
        bool quoted = false;
        for (int i = 0; i < position; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') quoted = !quoted;
        }

        return quoted;
    }

    private static int FirstUnquoted(ReadOnlySpan<char> text, char wanted)
    {
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (text[i] == wanted && !quoted) return i;
        }

        return -1;
    }

    private static int LastUnquoted(ReadOnlySpan<char> text, char wanted)
    {
        int last = -1;
        for (int from = 0; from < text.Length;)
        {
            int found = FirstUnquoted(text[from..], wanted);
            if (found < 0) break;
            last = from + found;
            from = last + 1;
        }

        return last;
    }
}
