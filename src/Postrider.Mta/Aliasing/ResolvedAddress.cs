using Postrider.Mta.Routing;

namespace Postrider.Mta.Aliasing;

/// <summary>Where an address leads before anybody asked the aliases, and what its mailer wants done about it.</summary>
/// <param name="Verdict">The mailer triple, or a refusal: then nothing else counts.</param>
public sealed record ResolvedAddress(RouteVerdict Verdict)
{
    /// <summary>As it was resolved; null for a refusal.</summary>
    public CanonicalAddress? Address { get; init; }

    /// <summary>Mailer flag A: aliases are looked up for the user of the triple.</summary>
    public bool IsAliasable { get; init; }

    /// <summary>Mailer flag 5: who has no alias goes through ruleset localaddr (5).</summary>
    public bool IsLocalized { get; init; }

    /// <summary>Mailer flag w: the user of the triple is a user of this system, or nobody.</summary>
    public bool IsSystemUser { get; init; }

    public static ResolvedAddress Refused(RouteVerdict verdict) => new(verdict);
}
