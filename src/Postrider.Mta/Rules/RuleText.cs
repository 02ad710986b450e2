using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Rules;

/// <summary>Tokens of a workspace as the text that a reply, a log line or a mailer is given.</summary>
public static class RuleText
{
    /// <summary>What a person reads: one blank between words, quotation marks taken away, no metasymbols.</summary>
    /// <remarks>sendmail 8.17, oracle 07: <c>"550 no " $&amp;f</c> is <c>550 no a@b</c>; a <c>$|</c> in it is not seen.</remarks>
    public static string Message(Tokenizer tokenizer, IReadOnlyList<string>? tokens) =>
        tokens is null or { Count: 0 } ? "" : Unquoted(Visible(tokenizer.Join(tokens, " ")));

    /// <summary>What a program reads: words joined by the file's BlankSub, no metasymbols.</summary>
    public static string Of(Tokenizer tokenizer, IReadOnlyList<string>? tokens) => tokens is null or { Count: 0 } ? "" : Visible(tokenizer.Join(tokens));

    private static string Visible(string text)
    {
        foreach (char c in text)
        {
            if (Metasymbol.Is(c)) return string.Concat(text.Where(static c => !Metasymbol.Is(c)));
        }

        return text;
    }

    /// <summary>Quotation marks go; what a backslash protects stays, the backslash not.</summary>
    private static string Unquoted(string text)
    {
        if (!text.AsSpan().ContainsAny('"', '\\')) return text;
        System.Text.StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') continue;
            if (text[i] == '\\' && i + 1 < text.Length) i++;
            plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
