using Postrider.Mta.Routing;

namespace Postrider.Mta.Aliasing;

/// <summary>Where an address leads before anybody asked the aliases, and what its mailer wants done about it.</summary>
/// <param name="Address">As it was read.</param>
/// <param name="Verdict">The mailer triple, or a refusal: then nothing else counts.</param>
public sealed record ResolvedAddress(CanonicalAddress Address, RouteVerdict Verdict)
{
    /// <summary>Mailer flag A: aliases are looked up for the user of the triple.</summary>
    public bool IsAliasable { get; init; }

    /// <summary>Mailer flag 5: who has no alias goes through ruleset localaddr (5).</summary>
    public bool IsLocalized { get; init; }
}
