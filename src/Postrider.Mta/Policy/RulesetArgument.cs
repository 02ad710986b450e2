namespace Postrider.Mta.Policy;

/// <summary>What a ruleset is called with: one text, or two around <c>$|</c>.</summary>
/// <param name="KeepsComments">What stands in parentheses is part of it (header fields under <c>$&gt;+</c>); otherwise it is taken out before the rules see it.</param>
public readonly record struct RulesetArgument(string First, string? Second = null, bool KeepsComments = false)
{
    public override string ToString() => Second is null ? First : First + " $| " + Second;
}
