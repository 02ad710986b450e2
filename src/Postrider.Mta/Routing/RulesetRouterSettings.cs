namespace Postrider.Mta.Routing;

/// <summary>What the interpreted router needs besides the site's rules.</summary>
public sealed record RulesetRouterSettings
{
    /// <summary>Class w, for native rulesets that are asked beside the file's.</summary>
    public required LocalNames Local { get; init; }

    /// <summary>For local mailers with the flag w.</summary>
    public required ILocalUsers Users { get; init; }
}
