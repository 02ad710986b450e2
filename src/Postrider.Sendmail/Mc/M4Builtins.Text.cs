using System.Text;

namespace Postrider.Sendmail.Mc;

/// <summary>The builtin macros on text and numbers.</summary>
internal static partial class M4Builtins
{
    private static void Length(M4Call call)
    {
        if (!call.TooFew(1, 1)) { Expand(call, call[1].Length); }
    }

    private static void Index(M4Call call)
    {
        // With one argument GNU m4 warns and takes the empty string, which is found at 0.
        if (call.TooFew(2, 2) && call.Count == 0) { return; }
        Expand(call, call[1].IndexOf(call[2], StringComparison.Ordinal));
    }

    private static void Slice(M4Call call)
    {
        if (call.TooFew(2, 3))
        {
            if (call.Count == 1) { call.Expand(call[1]); }
            return;
        }
        string text = call[1];
        if (!call.Integer(2, out int start)) { return; }
        int length = text.Length;
        if (call.Count >= 3 && !call.Integer(3, out length)) { return; }
        if (start < 0 || length <= 0 || start >= text.Length) { return; }
        call.Expand(text.Substring(start, Math.Min(length, text.Length - start)));
    }

    private static void Transliterate(M4Call call)
    {
        if (call.TooFew(2, 3))
        {
            if (call.Count == 1) { call.Expand(call[1]); }
            return;
        }
        string from = Ranges(call[2]);
        string to = Ranges(call[3]);
        var result = new StringBuilder(call[1].Length);
        foreach (char c in call[1])
        {
            int at = from.IndexOf(c, StringComparison.Ordinal);
            if (at < 0) { result.Append(c); }
            else if (at < to.Length) { result.Append(to[at]); }
        }
        call.Expand(result.ToString());
    }

    // a-e and e-a are ranges; a hyphen at either end is itself.
    private static string Ranges(string set)
    {
        if (!set.Contains('-', StringComparison.Ordinal)) { return set; }
        var result = new StringBuilder();
        for (int i = 0; i < set.Length; i++)
        {
            if (set[i] == '-' && i > 0 && i + 1 < set.Length)
            {
                int from = set[i - 1];
                int to = set[++i];
                if (from <= to) { while (from++ < to) { result.Append((char)from); } }
                else { while (from-- > to) { result.Append((char)from); } }
            }
            else { result.Append(set[i]); }
        }
        return result.ToString();
    }

    private static void Step(M4Call call, int by)
    {
        if (!call.TooFew(1, 1) && call.Integer(1, out int value)) { Expand(call, unchecked(value + by)); }
    }

    private static void Eval(M4Call call)
    {
        if (call.TooFew(1, 3)) { return; }
        int radix = 10;
        int width = 1;
        if (call[2].Length > 0 && !call.Integer(2, out radix)) { return; }
        if (radix is < 1 or > 36) { call.Warn($"radix {radix} out of range"); return; }
        if (call.Count >= 3 && !call.Integer(3, out width)) { return; }
        if (width < 0) { call.Warn("negative width"); return; }
        int value = 0;
        if (call[1].Length == 0) { call.Warn("empty string treated as 0"); }
        else
        {
            var eval = new M4Eval(call[1], call.Warn);
            if (!eval.TryEvaluate(out value)) { call.Error($"{eval.Fault} in eval: {call[1]}"); return; }
        }
        call.Engine.CheckText(width);
        string digits = M4Eval.Digits(value, radix, call.Engine.CheckText);
        call.Expand((value < 0 ? "-" : "") + digits.PadLeft(width, '0'));
    }

    private static void Format(M4Call call)
    {
        if (call.TooFew(1)) { return; }
        call.Expand(M4Format.Apply(call));
    }

    private static void Match(M4Call call)
    {
        if (call.TooFew(2, 3))
        {
            if (call.Count == 1) { call.Expand("0"); }
            return;
        }
        if (Pattern(call) is not { } pattern) { return; }
        M4Match? match = pattern.Search(call[1], 0);
        if (call.Count == 2) { Expand(call, match?.Start ?? -1); }
        else if (match is not null) { Replacement(call, call[3], call[1], match); }
    }

    private static void Substitute(M4Call call)
    {
        if (call.TooFew(2, 3))
        {
            if (call.Count == 1) { call.Expand(call[1]); }
            return;
        }
        if (Pattern(call) is not { } pattern) { return; }
        string text = call[1];
        for (int at = 0; at <= text.Length;)
        {
            M4Match? match = pattern.Search(text, at);
            if (match is null) { call.Expand(text[at..]); return; }
            call.Expand(text[at..match.Start]);
            Replacement(call, call[3], text, match);
            at = match.End;
            if (match.Start == match.End)
            {
                // An empty match goes on behind the next character, which stays.
                if (at < text.Length) { call.Expand(text[at].ToString()); }
                at++;
            }
        }
    }

    private static M4Regex? Pattern(M4Call call)
    {
        if (M4Regex.TryParse(call[2], call.Engine, out string? fault) is { } pattern) { return pattern; }
        call.Error($"bad regular expression `{call[2]}': {fault}");
        return null;
    }

    private static void Replacement(M4Call call, string replacement, string text, M4Match match)
    {
        for (int i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] != '\\') { call.Expand(replacement[i].ToString()); continue; }
            if (++i == replacement.Length) { call.Warn("trailing \\ ignored in replacement"); return; }
            char c = replacement[i];
            if (c is '&' or '0') { call.Expand(text[match.Start..match.End]); }
            else if (c is >= '1' and <= '9')
            {
                int group = c - '0';
                if (group > match.GroupCount) { call.Warn($"sub-expression {group} not present"); }
                else if (match.Group(group) is { } part) { call.Expand(text[part]); }
            }
            else { call.Expand(c.ToString()); }
        }
    }
}
