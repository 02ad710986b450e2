using Postrider.Mta.Routing;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Aliasing;

/// <summary>The way from an address to its alias or its mailbox: resolve, ask the aliases, localaddr, ask again. For one call; as thread-safe as its parts.</summary>
/// <param name="Rewriting">What the session's rules see; null: no session.</param>
internal sealed record AliasSearch(ExpansionSettings Settings, AliasMaps Aliases, IRecipientResolver Resolver, RewriteContext? Rewriting)
{
    /// <summary>Resolves an address as far as the first alias on its way.</summary>
    /// <param name="asksAliases">False: the user himself is meant, whatever his aliases.</param>
    /// <returns>The address with the alias's right-hand side, null when there is none; or why it cannot be read.</returns>
    /// <exception cref="MapUnavailableException">The aliases cannot be asked.</exception>
    public async ValueTask<(ResolvedAddress? Resolved, string? Value, RouteVerdict? Unread)> FindAsync(string address, bool asksAliases, CancellationToken cancellationToken)
    {
        AddressReading reading = await Resolver.ReadAsync(address, Rewriting, cancellationToken);
        if (!reading.IsRead) return (null, null, reading.Refusal);
        (ResolvedAddress resolved, string? value) = await FindAsync(reading.Address, asksAliases, cancellationToken);
        return (resolved, value, null);
    }

    public async ValueTask<(ResolvedAddress Resolved, string? Value)> FindAsync(CanonicalAddress address, bool asksAliases, CancellationToken cancellationToken)
    {
        ResolvedAddress resolved = await Resolver.ResolveAsync(address, cancellationToken);
        for (int round = 0; resolved.Verdict.IsRouted; round++)
        {
            if (asksAliases && resolved.IsAliasable && await ValueAsync(resolved.Verdict.Triple.User, cancellationToken) is { } value) return (resolved, value);
            if (!resolved.IsLocalized || round == Settings.MaxDepth || await Resolver.LocalizeAsync(resolved, Rewriting, cancellationToken) is not { } next) break;
            resolved = next;
        }

        return (resolved, null);
    }

    public ValueTask<string?> ValueAsync(string name, CancellationToken cancellationToken) => Aliases.FindAsync(name, cancellationToken);

    /// <summary>Whether there is somebody, when no alias is to be followed.</summary>
    public ValueTask<RouteVerdict> FinishAsync(ResolvedAddress resolved, CancellationToken cancellationToken) =>
        resolved.Verdict.IsRouted ? Resolver.FinishAsync(resolved, cancellationToken) : new ValueTask<RouteVerdict>(resolved.Verdict);
}
