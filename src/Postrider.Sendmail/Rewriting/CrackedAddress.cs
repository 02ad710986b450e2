namespace Postrider.Sendmail.Rewriting;

/// <summary>A header address with <c>$g</c> in the place of the address itself: name and comments stay.</summary>
public static class CrackedAddress
{
    /// <summary>The place is written <c>$g</c>. A text without an address in it stays as it is.</summary>
    public static string Of(string text)
    {
        text = text.Trim();
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int open = Unquoted(text, '<', 0);
        if (open >= 0)
        {
            int close = Unquoted(text, '>', open + 1);
            string before = text[..(open + 1)];
            string inside = close < 0 ? text[(open + 1)..] : text[(open + 1)..close];
            string after = close < 0 ? ">" : text[close..];
            return before + (inside.Length == 0 ? "" : "$g") + after;
        }
        if (text.StartsWith(":include:", StringComparison.OrdinalIgnoreCase)) { return ":$g"; }
        // An old route: what stands before the colon is kept, quoted.
        if (text.StartsWith('@') && colon > 0) { return $"\"{text[..colon]}\":$g"; }
        int comment = Unquoted(text, '(', 0);
        if (comment < 0) { return "$g"; }
        if (comment > 0) { return "$g " + text[comment..]; }
        int end = Unquoted(text, ')', 1);
        return end < 0 || end + 1 == text.Length ? text : text[..(end + 1)] + " $g";
    }

    private static int Unquoted(string text, char wanted, int from)
    {
        bool quoted = false;
        for (int i = from; i < text.Length; i++)
        {
            if (text[i] == '\\') { i++; }
            else if (text[i] == '"') { quoted = !quoted; }
            else if (text[i] == wanted && !quoted) { return i; }
        }
        return -1;
    }
}
