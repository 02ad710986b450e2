namespace Postrider.Sendmail.Rewriting;

/// <summary>The left-hand side of a rule, ready to match. Immutable.</summary>
internal sealed class Pattern
{
    private readonly PatternToken[] _tokens;
    private readonly int _shortest;

    internal Pattern(IReadOnlyList<string> text)
    {
        Text = text;
        _tokens = new PatternToken[text.Count];
        for (int i = 0; i < text.Count; i++)
        {
            PatternToken token = Of(text[i], Bindings);
            if (token.Binding >= 0) { Bindings++; }
            if (token.Kind is not (PatternKind.AnyOrNone or PatternKind.Nothing or PatternKind.LateMacro)) { _shortest++; }
            _tokens[i] = token;
        }
    }

    /// <summary>The tokens as they were read.</summary>
    internal IReadOnlyList<string> Text { get; }

    /// <summary>How many positions it fills: <c>$1</c> and so on. <c>$@</c> and <c>$&amp;x</c> fill none.</summary>
    internal int Bindings { get; }

    /// <summary>Matches the whole workspace, the shortest match of each operator first, from the left. Allocates nothing.</summary>
    internal bool Matches(ReadOnlySpan<string> workspace, RewriteContext context, ref MatchBindings bindings)
    {
        if (workspace.Length < _shortest && context.Trace is null) { return false; } // a trace shows what is compared
        using var matcher = new PatternMatcher(_tokens, workspace, context, ref bindings);
        return matcher.Matches();
    }

    private static PatternToken Of(string token, int binding) => token[0] switch
    {
        Metasymbol.AnyOrNone => new(PatternKind.AnyOrNone, "", binding),
        Metasymbol.Any => new(PatternKind.Any, "", binding),
        Metasymbol.One => new(PatternKind.One, "", binding),
        Metasymbol.At => new(PatternKind.Nothing, "", -1),
        Metasymbol.Class => new(PatternKind.Class, Metasymbol.NameIn(token), binding),
        Metasymbol.NotClass => new(PatternKind.NotClass, Metasymbol.NameIn(token), binding),
        Metasymbol.LateMacro => new(PatternKind.LateMacro, Metasymbol.NameIn(token), -1),
        _ => new(PatternKind.Literal, token, -1),
    };
}
