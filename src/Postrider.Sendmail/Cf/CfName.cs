namespace Postrider.Sendmail.Cf;

/// <summary>Names of macros and classes, and of rulesets, as sendmail 8.17 takes and refuses them.</summary>
internal static class CfName
{
    private const int Longest = 25;
    private const int MaxNumberedRulesets = 100;

    /// <summary>Reads the name at the head of a text; null if it cannot be one, which has been reported then.</summary>
    /// <param name="isLimited">Long names are refused, as by sendmail. In a cf of our own they are taken.</param>
    internal static string? Read(string text, bool isLimited, CfReport report, out string rest)
    {
        rest = "";
        int end = 0;
        string? name = Read(text, ref end, isLimited, report);
        if (name is not null) { rest = text[end..]; }
        return name;
    }

    /// <summary>Checks every <c>${name}</c> of a line, <c>$&amp;{ }</c> and <c>$={ }</c> too; false if one was refused.</summary>
    internal static bool CheckAll(string text, bool isLimited, CfReport report)
    {
        for (int i = text.IndexOf('$', StringComparison.Ordinal); i >= 0 && i + 1 < text.Length; i = text.IndexOf('$', i))
        {
            i++;
            if (text[i] is '&' or '=' or '~' or '?' && ++i >= text.Length)
            {
                report.Refuse("Name required for macro/class");
                return false;
            }
            if (text[i] == '{' && Read(text, ref i, isLimited, report) is null) { return false; }
            if (i >= text.Length) { break; }
            if (text[i] == '$' && text[i - 1] == '$') { i++; }
            if (i >= text.Length) { break; }
        }
        return true;
    }

    /// <summary>The name or number of a ruleset at the head of a text, which sendmail cuts where a letter cannot belong to it; null if there is none, which has been reported then.</summary>
    internal static string? Ruleset(string text, CfReport report)
    {
        string name = string.Concat(text.TrimStart(CfText.Blanks).TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        if (name.StartsWith('_')) { name = ""; }
        if (name.Length == 0 && text.Contains('$', StringComparison.Ordinal)) { return text.Trim(CfText.Blanks); } // a macro: known when it has been put in
        if (name.Length == 0)
        {
            report.Refuse($"invalid ruleset name: \"{text.Trim(CfText.Blanks)}\"");
            return null;
        }
        if (!char.IsAsciiDigit(name[0])) { return name; }
        string digits = string.Concat(name.TakeWhile(char.IsAsciiDigit));
        if (int.TryParse(digits, out int number) && number < MaxNumberedRulesets) { return digits; }
        report.Refuse($"bad ruleset {digits} ({MaxNumberedRulesets} max)");
        return null;
    }

    private static string? Read(string text, ref int at, bool isLimited, CfReport report)
    {
        if (at >= text.Length)
        {
            report.Refuse("Name required for macro/class");
            return null;
        }
        if (text[at] != '{')
        {
            at++;
            return text[(at - 1)..at];
        }
        int close = text.IndexOf('}', at);
        string name = close < 0 ? text[(at + 1)..] : text[(at + 1)..close];
        bool isGood = true;
        foreach (char c in name.Where(static c => !char.IsAsciiLetterOrDigit(c) && c != '_').Take(3))
        {
            report.Refuse($"Invalid macro/class character {c}");
            isGood = false;
        }
        if (close < 0 || (isLimited && name.Length > Longest))
        {
            report.Refuse(close < 0 ? $"Unbalanced {{ on {string.Concat(name.Where(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))}" : $"Macro/class name ({{{name[..Longest]}}}) too long ({Longest} chars max)");
            report.Refuse("Unable to assign macro/class ID (mid = 0xffffffff)");
            return null;
        }
        if (name.Length == 0)
        {
            report.Refuse("Name required for macro/class");
            return null;
        }
        at = close + 1;
        return isGood ? name : null;
    }
}
