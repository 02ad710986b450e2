using System.Buffers;

namespace Postrider.Smtp.Grammar;

/// <summary>How a peer's own words are put into a reply to it: never long, never with a control character in it.</summary>
public static class SmtpEcho
{
    /// <summary>Longest echo in characters. sendmail 8.17 cuts the middle out of what is longer (oracle 05: 203 characters remain).</summary>
    public const int Longest = 203;

    private const string Gap = "...";
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(c => c != '\t').Select(c => (char)c), '\u007f']);

    public static string Of(string text) => Clean(text.Length <= Longest
        ? text
        : string.Concat(text.AsSpan(0, (Longest - Gap.Length) / 2), Gap, text.AsSpan(text.Length - ((Longest - Gap.Length) / 2))));

    /// <summary>Control characters as ?, so that no echo can end a reply line.</summary>
    public static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAny(Controls) < 0) return text;
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = Controls.Contains(source[i]) ? '?' : source[i];
        });
    }
}
