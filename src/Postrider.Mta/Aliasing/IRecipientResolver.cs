using Postrider.Mta.Routing;

namespace Postrider.Mta.Aliasing;

/// <summary>What expansion asks of routing, in the three steps between which aliases are asked. Native, or by the site's own rulesets.</summary>
/// <remarks>Implementations are thread-safe. What cannot be known now is a refusal with a code of 4yz, never "unknown".</remarks>
public interface IRecipientResolver
{
    /// <summary>Canonify and parse (rulesets 3 and 0).</summary>
    /// <param name="address">Without angle brackets, as a peer or an alias wrote it.</param>
    ValueTask<ResolvedAddress> ResolveAsync(string address, CancellationToken cancellationToken);

    /// <summary>Asked when a local user has no alias: ruleset localaddr (5), which deals with <c>user+detail</c>.</summary>
    /// <returns>Another triple, for which aliases are asked again; null: it stays.</returns>
    ValueTask<ResolvedAddress?> LocalizeAsync(ResolvedAddress resolved, CancellationToken cancellationToken);

    /// <summary>Nobody has an alias for it: whether there is somebody, and where he gets his mail.</summary>
    ValueTask<RouteVerdict> FinishAsync(ResolvedAddress resolved, CancellationToken cancellationToken);
}
