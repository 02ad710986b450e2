namespace Postrider.Sendmail.Rewriting;

/// <summary>The right-hand side of a rule. Immutable.</summary>
internal sealed class Replacement
{
    private readonly string[] _tokens;

    internal Replacement(IReadOnlyList<string> text)
    {
        Text = text;
        After = text.Count == 0 ? AfterRule.TryAgain : text[0] switch { Metasymbol.Host => AfterRule.Return, Metasymbol.User => AfterRule.GoOn, _ => AfterRule.TryAgain };
        _tokens = [.. After == AfterRule.TryAgain ? text : text.Skip(1)];
        Asks = _tokens.Any(static token => token[0] is Metasymbol.MapBegin or Metasymbol.HostBegin);
    }

    /// <summary>The tokens as they were read, the prefix too.</summary>
    internal IReadOnlyList<string> Text { get; }

    /// <summary>What the prefix <c>$:</c> or <c>$@</c> says.</summary>
    internal AfterRule After { get; }

    /// <summary>Whether a map is asked.</summary>
    internal bool Asks { get; }

    /// <summary>Writes the tokens with <c>$n</c> and <c>$&amp;x</c> put in; false if that grows too long, or the value of a macro cannot be taken apart.</summary>
    internal bool Write(List<string> workspace, in MatchBindings bindings, List<string> output, Tokenizer tokenizer, RewriteContext context)
    {
        output.Clear();
        foreach (string token in _tokens)
        {
            if (output.Count > Tokenizer.MaxTokens) { break; }
            char c = token[0];
            if (c is >= Metasymbol.Position1 and <= Metasymbol.Position9)
            {
                int position = 2 * (c - Metasymbol.Position1);
                for (int i = bindings[position]; i < bindings[position + 1]; i++) { output.Add(workspace[i]); }
            }
            else if (c == Metasymbol.LateMacro)
            {
                string name = Metasymbol.NameIn(token);
                string? value = context.Macros.Value(name);
                context.Trace?.LateMacro("RHS", name, value);
                if (string.IsNullOrEmpty(value)) { continue; }
                TokenizeResult read = tokenizer.Macro(value);
                foreach (string problem in read.Problems) { context.Remark($"{Tokenizer.Shortened(value)}... {problem}"); }
                if (read.Tokens.Count == 0 && !string.IsNullOrWhiteSpace(value)) { return false; }
                output.AddRange(read.Tokens);
            }
            else { output.Add(token); }
        }
        // sendmail 8.17: what counts is the rule written out, before maps and rulesets have answered.
        if (output.Count <= Tokenizer.MaxTokens) { return true; }
        context.Report("rewrite: expansion too long");
        return false;
    }
}
