using Postrider.Mta.Routing;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Aliasing;

/// <summary>Routing by the site's own rules, cut where sendmail asks the aliases: behind parse (0), and behind localaddr (5) again. Immutable and thread-safe.</summary>
public sealed class RulesetRecipientResolver(RulesetRouter router) : IRecipientResolver
{
    public ValueTask<AddressReading> ReadAsync(string address, RewriteContext? rewriting, CancellationToken cancellationToken) =>
        router.ReadAsync(address, AddressKind.Recipient, rewriting, cancellationToken);

    public ValueTask<ResolvedAddress> ResolveAsync(CanonicalAddress address, CancellationToken cancellationToken) => new(Of(address, router.Parsed(address)));

    public async ValueTask<ResolvedAddress?> LocalizeAsync(ResolvedAddress resolved, RewriteContext? rewriting, CancellationToken cancellationToken) =>
        await router.DetourAsync(resolved.Verdict, rewriting, cancellationToken) is { } next ? Of(resolved.Address, next) : null;

    public ValueTask<RouteVerdict> FinishAsync(ResolvedAddress resolved, CancellationToken cancellationToken) => router.KnownAsync(resolved.Verdict, cancellationToken);

    private ResolvedAddress Of(CanonicalAddress address, RouteVerdict verdict) => new(verdict.IsRouted ? address with { IsLocal = router.Has(verdict.Triple, 'l') } : address, verdict)
    {
        IsAliasable = verdict.IsRouted && router.Has(verdict.Triple, 'A'),
        IsLocalized = verdict.IsRouted && router.Has(verdict.Triple, '5'),
    };
}
