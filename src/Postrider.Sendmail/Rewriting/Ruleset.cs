namespace Postrider.Sendmail.Rewriting;

/// <summary>A ruleset: rules in order, each tried until it no longer matches. Immutable once compiled.</summary>
/// <param name="name">Its name; the number in digits if it has no other.</param>
/// <param name="number">Its number.</param>
public sealed class Ruleset(string name, int number)
{
    private readonly List<RewriteRule> _rules = [];

    /// <summary>The name; the number in digits if it has no other.</summary>
    public string Name { get; internal set; } = name;

    /// <summary>The number: as the cf file says it, or counted down from 199 for a name without one.</summary>
    public int Number { get; } = number;

    /// <summary>The rules in order; none for a ruleset that is only named.</summary>
    public IReadOnlyList<RewriteRule> Rules => _rules;

    internal void Add(RewriteRule rule) => _rules.Add(rule);
}
