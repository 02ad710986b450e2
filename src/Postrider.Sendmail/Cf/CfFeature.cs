using System.Text;

namespace Postrider.Sendmail.Cf;

/// <summary><c>O Feature.NAME=ARGUMENTS</c>: a feature of the sendmail-cf library by name; only under vendor Postrider.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">The feature's name, as in <c>FEATURE(`name')</c>.</param>
/// <param name="Arguments">Its arguments without the name, each exactly as it was given.</param>
/// <remarks>
/// Arguments are joined by comma and blank. One that is empty, begins or ends with a blank, or has a comma, a double quote or a backslash in it stands in double
/// quotes, in which a backslash goes before a double quote or a backslash. <c>O Feature.NAME</c> and <c>O Feature.NAME=</c> have no argument.
/// </remarks>
public sealed record CfFeature(int Line, string Raw, string Name, IReadOnlyList<string> Arguments) : CfLine(Line, Raw)
{
    /// <summary>The argument with this number, from 1; empty if it was not given.</summary>
    public string Argument(int number) => number >= 1 && number <= Arguments.Count ? Arguments[number - 1] : "";

    /// <summary>Writes arguments as they stand behind the equal sign.</summary>
    public static string Format(IEnumerable<string> arguments) => string.Join(", ", arguments.Select(Quote));

    /// <summary>Reads what stands behind the equal sign; null if a quote is not closed or followed by something else than a comma.</summary>
    public static IReadOnlyList<string>? Parse(string text)
    {
        var arguments = new List<string>();
        int at = 0;
        if (text.AsSpan().Trim().IsEmpty) { return arguments; }
        while (true)
        {
            while (at < text.Length && text[at] is ' ' or '\t') { at++; }
            var argument = new StringBuilder();
            if (at < text.Length && text[at] == '"')
            {
                for (at++; at < text.Length && text[at] != '"'; at++)
                {
                    if (text[at] == '\\' && at + 1 < text.Length) { at++; }
                    argument.Append(text[at]);
                }
                if (at++ >= text.Length) { return null; }
                while (at < text.Length && text[at] is ' ' or '\t') { at++; }
                if (at < text.Length && text[at] != ',') { return null; }
                arguments.Add(argument.ToString());
            }
            else
            {
                while (at < text.Length && text[at] != ',') { argument.Append(text[at++]); }
                arguments.Add(argument.ToString().TrimEnd(' ', '\t'));
            }
            if (at >= text.Length) { return arguments; }
            at++;
        }
    }

    private static string Quote(string argument)
    {
        bool plain = argument.Length > 0 && argument[0] is not (' ' or '\t') && argument[^1] is not (' ' or '\t') && argument.AsSpan().IndexOfAny(",\"\\#") < 0;
        return plain ? argument : "\"" + argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
    }
}
