namespace Postrider.Mta.Policy;

/// <summary>What a ruleset is called with: one text, or two around <c>$|</c>.</summary>
public readonly record struct RulesetArgument(string First, string? Second = null)
{
    public override string ToString() => Second is null ? First : First + " $| " + Second;
}
