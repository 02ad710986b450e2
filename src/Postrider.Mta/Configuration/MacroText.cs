using System.Text;

namespace Postrider.Mta.Configuration;

/// <summary>Expands macros in a text of a cf line: <c>$x</c>, <c>${name}</c>, <c>$&amp;x</c>, <c>$$</c>, and the conditional <c>$?x set $| unset $.</c> (nested).</summary>
/// <remarks>A macro without value is empty. Values are expanded in turn, no deeper than 10, as a macro may name itself.</remarks>
public static class MacroText
{
    private const int MaxDepth = 10;

    public static string Expand(string text, Func<string, string?> macro) => text.Contains('$', StringComparison.Ordinal) ? Expand(text, macro, 0) : text;

    private static string Expand(string text, Func<string, string?> macro, int depth)
    {
        if (depth > MaxDepth) return "";
        StringBuilder result = new(text.Length);
        Stack<bool> conditions = [];
        for (int i = 0; i < text.Length; i++)
        {
            bool isShown = !conditions.Contains(false);
            if (text[i] != '$' || i + 1 == text.Length)
            {
                if (isShown) result.Append(text[i]);
                continue;
            }

            char c = text[++i];
            switch (c)
            {
                case '$':
                    if (isShown) result.Append('$');
                    break;
                case '?' when i + 1 < text.Length:
                    i++;
                    conditions.Push(!string.IsNullOrEmpty(macro(Name(text, ref i))));
                    break;
                case '|' when conditions.Count > 0:
                    conditions.Push(!conditions.Pop());
                    break;
                case '.' when conditions.Count > 0:
                    conditions.Pop();
                    break;
                default:
                    if (c == '&' && i + 1 < text.Length) i++;
                    string? value = macro(Name(text, ref i));
                    if (isShown && value is not null) result.Append(Expand(value, macro, depth + 1));
                    break;
            }
        }

        return result.ToString();
    }

    /// <summary>The name at <paramref name="at"/>, which ends up on its last character.</summary>
    private static string Name(string text, ref int at)
    {
        int end = text[at] == '{' ? text.IndexOf('}', at) : -1;
        if (end < 0) return text[at].ToString();
        string name = text[(at + 1)..end];
        at = end;
        return name;
    }
}
