using System.Collections.Frozen;
using Postrider.Mta.Configuration;

namespace Postrider.Mta.Policy;

/// <summary>What the native rulesets need to know of the site. Cut from its configuration when the site is bound.</summary>
public sealed record PolicySettings
{
    /// <summary><c>$j</c>.</summary>
    public required string HostName { get; init; }

    /// <summary>Class R. Default empty.</summary>
    public RelayDomains RelayDomains { get; init; } = new([]);

    /// <summary>Class TrustAuthMech. Default empty.</summary>
    public FrozenSet<string> TrustedMechanisms { get; init; } = FrozenSet<string>.Empty;

    public PrivacyFlags Privacy { get; init; }

    /// <summary>FEATURE(accept_unresolvable_domains): the DNS is not asked about the domain of a sender.</summary>
    public bool AcceptUnresolvableDomains { get; init; }

    /// <summary>FEATURE(accept_unqualified_senders).</summary>
    public bool AcceptUnqualifiedSenders { get; init; }
}
