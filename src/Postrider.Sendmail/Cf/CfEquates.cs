using System.Text;

namespace Postrider.Sendmail.Cf;

/// <summary><c>name, Key=value, Key=value</c> of <c>M</c>, <c>Q</c> and <c>X</c> lines.</summary>
/// <remarks>
/// sendmail 8.17, asked: the name ends at a comma or a blank; of a key the first letter counts; a value ends at a comma, quotation marks around or in it fall out and keep commas, a
/// backslash makes <c>\n \r \t \f \b</c> or the character itself.
/// </remarks>
internal sealed class CfEquates
{
    private readonly Dictionary<char, string> _values = [];

    private CfEquates(string name) => Name = name;

    /// <summary>Empty if there is none.</summary>
    internal string Name { get; }

    /// <summary>By first letter; a later value replaces an earlier one, flags (<c>F=</c>) add up.</summary>
    internal IReadOnlyDictionary<char, string> Values => _values;

    /// <summary>A key stands there without equal sign, or a comma at the end: sendmail reads no further.</summary>
    internal bool IsBroken { get; private set; }

    internal static CfEquates Read(string content)
    {
        int at = content.IndexOfAny([',', .. CfText.Blanks]);
        if (at < 0) { at = content.Length; }
        var equates = new CfEquates(content[..at]);
        at++; // the comma or blank behind the name; a comma behind a value wants another key
        while (true)
        {
            if (at >= content.Length) { return equates; }
            while (at < content.Length && (content[at] == ',' || IsBlank(content[at]))) { at++; }
            char key = at < content.Length ? content[at] : '\0';
            int equal = at < content.Length ? content.IndexOfAny(['=', ','], at) : -1;
            if (equal < 0 || content[equal] != '=')
            {
                equates.IsBroken = true;
                return equates;
            }
            at = equal + 1;
            while (at < content.Length && IsBlank(content[at])) { at++; }
            string value = Value(content, ref at);
            equates._values[key] = key == 'F' && equates._values.TryGetValue(key, out string? flags) ? flags + value : value;
        }
    }

    private static string Value(string content, ref int at)
    {
        var value = new StringBuilder();
        bool isQuoted = false;
        for (; at < content.Length && (isQuoted || content[at] != ','); at++)
        {
            char c = content[at];
            if (c == '"') { isQuoted = !isQuoted; }
            else if (c != '\\' || at + 1 == content.Length) { value.Append(c); }
            else
            {
                c = content[++at];
                value.Append(c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'f' => '\f', 'b' => '\b', _ => c });
            }
        }
        return value.ToString();
    }

    private static bool IsBlank(char c) => Array.IndexOf(CfText.Blanks, c) >= 0;
}
