using System.Text;

namespace Postrider.Sendmail.Maps;

/// <summary>Finishes a value that a map found.</summary>
public static class MapValue
{
    /// <summary><c>%0</c> becomes the key, <c>%1</c> to <c>%9</c> the arguments (nothing if there are fewer), <c>%%</c> a percent sign; any other percent sign stays.</summary>
    public static string Substitute(string value, string key, IReadOnlyList<string> arguments)
    {
        if (!value.Contains('%', StringComparison.Ordinal)) { return value; }
        var result = new StringBuilder(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            char next = i + 1 < value.Length ? value[i + 1] : '\0';
            if (value[i] != '%' || !(next == '%' || char.IsAsciiDigit(next))) { result.Append(value[i]); continue; }
            i++;
            if (next == '%') { result.Append('%'); }
            else if (next == '0') { result.Append(key); }
            else if (next - '1' < arguments.Count) { result.Append(arguments[next - '1']); }
        }
        return result.ToString();
    }

    /// <summary>The answer for a value that was found, as the flags want it: the key alone (<c>-m</c>), the appendix (<c>-a</c>), substitution.</summary>
    public static MapResult Finish(MapFlags flags, string value, string key, IReadOnlyList<string> arguments) =>
        MapResult.Found((flags.MatchOnly ? key : Substitute(value, key, arguments)) + flags.Append);
}
