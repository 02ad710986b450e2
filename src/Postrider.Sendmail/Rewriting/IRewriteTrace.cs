namespace Postrider.Sendmail.Rewriting;

/// <summary>Is told each step of a rewriting: <c>-d21.x</c>, and the explanation of a decision. Called between steps, on the thread that rewrites.</summary>
public interface IRewriteTrace
{
    /// <summary>A ruleset begins.</summary>
    void Enter(string ruleset, Workspace workspace);

    /// <summary>A ruleset ends.</summary>
    void Leave(string ruleset, Workspace workspace);

    /// <summary>A rule is tried. Told for each iteration.</summary>
    void Trying(RewriteRule rule);

    /// <summary>The rule did not match.</summary>
    void Fails(RewriteRule rule);

    /// <summary>The rule matched.</summary>
    /// <param name="positions">What <c>$1</c>, <c>$2</c>... stand for.</param>
    void Matches(RewriteRule rule, IReadOnlyList<IReadOnlyList<string>> positions);

    /// <summary>The value of a <c>$&amp;x</c> was taken.</summary>
    /// <param name="side"><c>LHS</c> or <c>RHS</c>.</param>
    void LateMacro(string side, string name, string? value);

    /// <summary>A map answered.</summary>
    void LookedUp(string map, string key, Maps.MapResult result);

    /// <summary>A ruleset without rules was called.</summary>
    void Skipped(string ruleset, int number);

    /// <summary>The workspace was written anew by a rule, look-ups and calls done.</summary>
    void Rewritten(Workspace workspace);

    /// <summary>A rule matched more often than it may.</summary>
    void Looped(Workspace workspace);
}
