namespace Postrider.Sendmail.Rewriting;

/// <summary>The left-hand side of a rule, ready to match. Immutable.</summary>
internal sealed class Pattern
{
    private readonly PatternToken[] _tokens;
    private readonly int _shortest;
    private readonly ulong _required;
    private readonly bool _asksMacros;

    internal Pattern(IReadOnlyList<string> text)
    {
        Text = text;
        _tokens = new PatternToken[text.Count];
        for (int i = 0; i < text.Count; i++)
        {
            PatternToken token = Of(text[i], Bindings);
            if (token.Binding >= 0) { Bindings++; }
            if (token.Kind is not (PatternKind.AnyOrNone or PatternKind.Nothing or PatternKind.LateMacro)) { _shortest++; }
            if (token.Kind == PatternKind.Literal) { _required |= Mark(token.Text); }
            _asksMacros |= token.Kind == PatternKind.LateMacro;
            _tokens[i] = token;
        }
    }

    /// <summary>The tokens as they were read.</summary>
    internal IReadOnlyList<string> Text { get; }

    /// <summary>How many positions it fills: <c>$1</c> and so on. <c>$@</c> and <c>$&amp;x</c> fill none.</summary>
    internal int Bindings { get; }

    /// <summary>Matches the whole workspace, the shortest match of each operator first, from the left. Allocates nothing.</summary>
    /// <param name="present">What <see cref="Present"/> says of the workspace.</param>
    internal bool Matches(ReadOnlySpan<string> workspace, ulong present, RewriteContext context, ref MatchBindings bindings)
    {
        // Most rules fail because a word of theirs is nowhere in the workspace. A trace, though, shows each macro that sendmail would have compared first.
        if ((workspace.Length < _shortest || (_required & ~present) != 0) && !(_asksMacros && context.Trace is not null)) { return false; }
        using var matcher = new PatternMatcher(_tokens, workspace, context, ref bindings);
        return matcher.Matches();
    }

    /// <summary>One bit or another for each token: a pattern whose literals have a bit that is not here cannot match.</summary>
    internal static ulong Present(ReadOnlySpan<string> workspace)
    {
        ulong present = 0;
        foreach (string token in workspace) { present |= Mark(token); }
        return present;
    }

    // Equal for all that compares equal without case.
    private static ulong Mark(string token) => token.Length == 0 ? 0 : 1UL << (((char.ToUpperInvariant(token[0]) * 7) + token.Length) & 63);

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
