namespace Postrider.Sendmail.Rewriting;

/// <summary>One rule. Immutable.</summary>
public sealed class RewriteRule
{
    internal RewriteRule(int line, Pattern pattern, Replacement replacement)
    {
        Line = line;
        Pattern = pattern;
        Replacement = replacement;
    }

    /// <summary>The line of the cf file, from 1.</summary>
    public int Line { get; }

    /// <summary>The tokens of the left-hand side, macros put in.</summary>
    public IReadOnlyList<string> Left => Pattern.Text;

    /// <summary>The tokens of the right-hand side, macros put in.</summary>
    public IReadOnlyList<string> Right => Replacement.Text;

    internal Pattern Pattern { get; }

    internal Replacement Replacement { get; }
}
