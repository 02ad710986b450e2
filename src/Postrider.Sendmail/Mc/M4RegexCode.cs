namespace Postrider.Sendmail.Mc;

/// <summary>One instruction of a compiled regular expression.</summary>
internal readonly record struct M4RegexCode(M4RegexKind Kind, int Value = 0, int Other = 0, Func<char, bool>? Set = null)
{
    /// <summary>How many characters this instruction takes at the place; -1 if it does not fit.</summary>
    internal int Takes(string text, int at, int[] slots)
    {
        bool more = at < text.Length;
        bool before = at > 0 && IsWord(text[at - 1]);
        bool after = more && IsWord(text[at]);
        return Kind switch
        {
            M4RegexKind.Character => more && text[at] == Value ? 1 : -1,
            M4RegexKind.Any => more && text[at] != '\n' ? 1 : -1,
            M4RegexKind.Set => more && Set!(text[at]) ? 1 : -1,
            M4RegexKind.LineStart => at == 0 || text[at - 1] == '\n' ? 0 : -1,
            M4RegexKind.LineEnd => !more || text[at] == '\n' ? 0 : -1,
            M4RegexKind.TextStart => at == 0 ? 0 : -1,
            M4RegexKind.TextEnd => !more ? 0 : -1,
            M4RegexKind.WordEdge => before != after ? 0 : -1,
            M4RegexKind.NotWordEdge => before == after ? 0 : -1,
            M4RegexKind.WordStart => !before && after ? 0 : -1,
            M4RegexKind.WordEnd => before && !after ? 0 : -1,
            M4RegexKind.BackReference => Same(text, at, slots),
            _ => -1,
        };
    }

    internal static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private int Same(string text, int at, int[] slots)
    {
        (int from, int to) = (slots[2 * Value], slots[2 * Value + 1]);
        if (from < 0 || to < from) { return -1; }
        return string.CompareOrdinal(text, from, text, at, to - from) == 0 && at + to - from <= text.Length ? to - from : -1;
    }
}
