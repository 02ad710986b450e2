using System.Text;

namespace Postrider.Sendmail.Rewriting;

/// <summary>Texts of a cf file with <c>$</c> sequences: reading them, and putting the values of macros in.</summary>
public static class MacroTemplate
{
    private const int MaxDepth = 20; // sendmail 8.17 gives a macro that mentions itself up as well.
    private const int MaxLength = 1 << 20;
    private const int MaxMacros = 100_000; // put into one text: depth alone is no bound when each names several others

    /// <summary>Turns each <c>$</c> sequence into its <see cref="Metasymbol"/>. <c>$$</c> is a dollar sign, as is one that nothing follows.</summary>
    public static string Read(string text)
    {
        if (!text.AsSpan().ContainsAny('$', Metasymbol.End) && !text.AsSpan().ContainsAnyInRange(Metasymbol.End, Metasymbol.Position9)) { return text; }
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (Metasymbol.Is(c)) { result.Append('?'); continue; }
            if (c != '$') { result.Append(c); continue; }
            char next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (next is '$' or '\0') { result.Append('$'); i++; continue; }
            if (Metasymbol.OfLetter(next) is not '\0' and var symbol)
            {
                result.Append(symbol);
                i++;
                if (next == '?') { AppendName(text, ref i, result); }
                continue;
            }
            char kind = next switch { '&' => Metasymbol.LateMacro, '=' => Metasymbol.Class, '~' => Metasymbol.NotClass, _ => Metasymbol.Macro };
            if (kind != Metasymbol.Macro) { i++; }
            int mark = result.Length;
            result.Append(kind);
            if (!AppendName(text, ref i, result)) { result.Length = mark; result.Append('$').Append(kind == Metasymbol.Macro ? "" : next); }
        }
        return result.ToString();
    }

    // One character, or a name in braces; then End. Leaves i on the last character read.
    private static bool AppendName(string text, ref int i, StringBuilder result)
    {
        if (i + 1 >= text.Length) { return false; }
        if (text[i + 1] != '{')
        {
            result.Append(text[++i]).Append(Metasymbol.End);
            return true;
        }
        int close = text.IndexOf('}', i + 2);
        if (close <= i + 2) { return false; }
        result.Append(text, i + 2, close - i - 2).Append(Metasymbol.End);
        i = close;
        return true;
    }

    /// <summary>
    /// Puts the values of macros in, theirs too, and decides <c>$?x then $| else $.</c>. Other metasymbols stay, <c>$&amp;x</c> among them. What a macro that
    /// is not set stands for is nothing.
    /// </summary>
    /// <param name="template">A text from <see cref="Read"/>.</param>
    public static string Expand(string template, IMacroSource macros)
    {
        if (!template.AsSpan().ContainsAny(Metasymbol.Macro, Metasymbol.If)) { return template; }
        var result = new StringBuilder(template.Length * 2);
        int left = MaxMacros;
        Expand(template, macros, result, 0, ref left);
        return result.ToString();
    }

    private static void Expand(string template, IMacroSource macros, StringBuilder result, int depth, ref int left)
    {
        int level = 0;     // of conditionals that are open
        int skipFrom = 0;  // level of the conditional whose branch is left out; 0: none
        for (int i = 0; i < template.Length; i++)
        {
            char c = template[i];
            switch (c)
            {
                case Metasymbol.If:
                    level++;
                    int close = template.IndexOf(Metasymbol.End, i);
                    if (close < 0) { return; }
                    if (skipFrom == 0 && string.IsNullOrEmpty(macros.Value(template[(i + 1)..close]))) { skipFrom = level; }
                    i = close;
                    continue;
                case Metasymbol.Bar when level > 0:
                    skipFrom = skipFrom == 0 ? level : skipFrom == level ? 0 : skipFrom;
                    continue;
                case Metasymbol.EndIf when level > 0:
                    if (skipFrom == level) { skipFrom = 0; }
                    level--;
                    continue;
                case Metasymbol.Macro:
                    int end = template.IndexOf(Metasymbol.End, i);
                    if (skipFrom == 0 && depth < MaxDepth && result.Length < MaxLength && left-- > 0 && macros.Value(template[(i + 1)..end]) is { } value) { Expand(value, macros, result, depth + 1, ref left); }
                    i = end;
                    continue;
            }
            if (skipFrom == 0) { result.Append(c); }
        }
    }

    /// <summary>Names of the macros that a text asks for, those of conditionals too; one may come several times.</summary>
    /// <param name="template">A text from <see cref="Read"/>.</param>
    public static IReadOnlyList<string> Names(string template)
    {
        var names = new List<string>();
        for (int at = template.AsSpan().IndexOfAny(Metasymbol.Macro, Metasymbol.LateMacro, Metasymbol.If); at >= 0;)
        {
            int end = template.IndexOf(Metasymbol.End, at);
            if (end < 0) { break; }
            names.Add(template[(at + 1)..end]);
            int next = template.AsSpan(end).IndexOfAny(Metasymbol.Macro, Metasymbol.LateMacro, Metasymbol.If);
            at = next < 0 ? -1 : end + next;
        }
        return names;
    }

    /// <summary>The value of a <c>D</c> line: quotation marks taken away, escapes of C read.</summary>
    /// <remarks>sendmail 8.17: <c>D{x}a b"c d"</c> is <c>a bc d</c>.</remarks>
    public static string Unquote(string value)
    {
        if (!value.AsSpan().ContainsAny('"', '\\')) { return value; }
        var result = new StringBuilder(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (c == '"') { continue; }
            if (c != '\\' || i + 1 == value.Length) { result.Append(c); continue; }
            c = value[++i];
            result.Append(c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'f' => '\f', 'b' => '\b', _ => c });
        }
        return result.ToString();
    }
}
