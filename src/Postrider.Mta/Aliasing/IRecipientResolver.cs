using Postrider.Mta.Routing;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Aliasing;

/// <summary>What expansion asks of routing, in the steps between which aliases are asked. Native, or by the site's own rulesets.</summary>
/// <remarks>Implementations are thread-safe. What cannot be known now is a refusal with a code of 4yz, never "unknown". <c>rewriting</c> is what the session's rules see; null: no session.</remarks>
public interface IRecipientResolver
{
    /// <summary>Canonify and parse (rulesets 3 and 0) for what an alias names.</summary>
    /// <param name="address">Without angle brackets.</param>
    ValueTask<AddressReading> ReadAsync(string address, RewriteContext? rewriting, CancellationToken cancellationToken);

    /// <summary>Where it leads before any alias is asked.</summary>
    ValueTask<ResolvedAddress> ResolveAsync(CanonicalAddress address, CancellationToken cancellationToken);

    /// <summary>Asked when a local user has no alias: ruleset localaddr (5), which deals with <c>user+detail</c>.</summary>
    /// <returns>Another triple, for which aliases are asked again; null: it stays.</returns>
    ValueTask<ResolvedAddress?> LocalizeAsync(ResolvedAddress resolved, RewriteContext? rewriting, CancellationToken cancellationToken);

    /// <summary>Nobody has an alias for it: whether there is somebody, and where he gets his mail.</summary>
    ValueTask<RouteVerdict> FinishAsync(ResolvedAddress resolved, CancellationToken cancellationToken);
}
