using System.Globalization;
using System.Text;
using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>Prints the steps of a rewriting as <c>sendmail -bt -d21.x</c> does. sendmail 8.17, oracle 80.</summary>
/// <remarks>Differs from sendmail: above level 12 the addresses of tokens in memory are not printed, and above 35 the single comparisons are not.</remarks>
internal sealed class TestModeTrace(TextWriter output) : IRewriteTrace
{
    /// <summary>Levels of <c>-d</c> by category; 21 is rewriting, 60 maps.</summary>
    internal Dictionary<int, int> Levels { get; } = [];

    private (IReadOnlyList<string> Right, IReadOnlyList<IReadOnlyList<string>> Positions, int At) _writing = ([], [], 0);

    private int Level => Levels.GetValueOrDefault(21);

    public void Enter(string ruleset, Workspace workspace) => output.Write($"{ruleset.PadRight(16)[..16]}   input:{Text(workspace.Tokens)}\n");

    public void Leave(string ruleset, Workspace workspace) => output.Write($"{ruleset.PadRight(16)[..16]} returns:{Text(workspace.Tokens)}\n");

    public void Trying(RewriteRule rule)
    {
        if (Level < 12) { return; }
        string line = Level >= 15 ? string.Create(CultureInfo.InvariantCulture, $" (line {rule.Line})") : "";
        output.Write($"-----trying rule{line}:{Text(rule.Left)}\n");
    }

    public void Fails(RewriteRule rule)
    {
        if (Level >= 12) { output.Write("----- rule fails\n"); }
    }

    public void Matches(RewriteRule rule, IReadOnlyList<IReadOnlyList<string>> positions)
    {
        if (Level < 12) { return; }
        output.Write($"-----rule matches:{Text(rule.Right)}\n");
        if (Level < 15) { return; }
        _writing = (rule.Right, positions, 0);
        WritePositions();
    }

    // The positions that the right side writes out, up to the next macro that it asks for.
    private void WritePositions()
    {
        (IReadOnlyList<string> right, IReadOnlyList<IReadOnlyList<string>> positions, int at) = _writing;
        for (; at < right.Count; at++)
        {
            char c = right[at][0];
            if (c == Metasymbol.LateMacro) { break; }
            if (c is not (>= Metasymbol.Position1 and <= Metasymbol.Position9)) { continue; }
            int i = c - Metasymbol.Position1;
            output.Write(string.Create(CultureInfo.InvariantCulture, $"${i + 1}:{string.Concat(positions[i].Select(static token => $" \"{Visible(Metasymbol.Printable(token))}\""))}\n"));
        }
        _writing = (right, positions, at + 1);
    }

    public void LateMacro(string side, string name, string? value)
    {
        if (Level >= 12) { output.Write($"rewrite: {side} $&{{{name}}} => \"{(value is null ? "(NULL)" : Metasymbol.Printable(value))}\"\n"); }
        if (Level >= 15 && side == "RHS") { WritePositions(); }
    }

    public void LookedUp(string map, string key, MapResult result)
    {
        if (Levels.GetValueOrDefault(60) < 1) { return; }
        string answer = result.Status switch { MapStatus.Found => $"{result.Value} (0)", MapStatus.NotFound => "NOT FOUND (0)", _ => "NOT FOUND (75)" };
        output.Write($"map_lookup({map}, {key}) => {answer}, ad=0\n");
    }

    public void Skipped(string ruleset, int number)
    {
        if (Level >= 3) { output.Write(string.Create(CultureInfo.InvariantCulture, $"-----skip subr {ruleset} ({number})\n")); }
    }

    public void Rewritten(Workspace workspace)
    {
        if (Level >= 4) { output.Write($"rewritten as:{Text(workspace.Tokens)}\n"); }
    }

    public void Looped(Workspace workspace)
    {
        if (Level >= 1) { output.Write($"workspace: {Text(workspace.Tokens)}\n"); }
    }

    private static string Text(IReadOnlyList<string> tokens) => string.Concat(tokens.Select(static token => " " + Visible(Metasymbol.Printable(token))));

    // sendmail 8.17: an octet above 127 is M- and its lower seven bits, a control character ^ and its letter or as C writes it.
    private static string Visible(string text)
    {
        if (!text.Any(static c => c is < ' ' or (>= '\x7f' and < '\x100'))) { return text; }
        var result = new StringBuilder(text.Length * 2);
        foreach (char octet in text)
        {
            char c = octet;
            if (c is >= '\x80' and < '\x100')
            {
                result.Append("M-");
                c &= '\x7f';
            }
            if (c is '\t' or '\n' or '\r') { result.Append(c switch { '\t' => "\\t", '\n' => "\\n", _ => "\\r" }); }
            else if (c is < ' ' or '\x7f') { result.Append('^').Append((char)(c ^ 0x40)); } else { result.Append(c); }
        }
        return result.ToString();
    }
}
