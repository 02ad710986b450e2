using Postrider.Mail;
using Postrider.Mta.Routing;
using RewriteContext = Postrider.Sendmail.Rewriting.RewriteContext;

namespace Postrider.Mta.Aliasing;

/// <summary>The native routing of addresses, cut where aliases are asked: after a mailbox of just this address and before one of the bare name.</summary>
/// <remarks>
/// <c>user@domain</c> in the mailbox table is for that domain alone, as a virtual user, so an alias of the bare name does not reach it. <c>user+detail</c> looks for
/// the aliases <c>user+detail</c>, <c>user+*</c> and <c>user</c>, as sendmail's ruleset 5. Immutable and thread-safe.
/// </remarks>
public sealed class NativeRecipientResolver(Router router, RoutingSettings settings) : IRecipientResolver
{
    private const string Redirect = ".redirect";

    public ValueTask<AddressReading> ReadAsync(string address, RewriteContext? rewriting, CancellationToken cancellationToken) =>
        router.ReadAsync(address, AddressKind.Recipient, rewriting, cancellationToken);

    public async ValueTask<ResolvedAddress> ResolveAsync(CanonicalAddress read, CancellationToken cancellationToken)
    {
        if (!read.IsLocal)
        {
            bool hasMoved = settings.HasRedirect && read.Domain.EndsWith(Redirect, StringComparison.Ordinal) && read.Domain.Length > Redirect.Length;
            return new ResolvedAddress(read, hasMoved ? Moved(read) : await router.RouteAsync(read, cancellationToken));
        }

        string name = AddressCanonifier.Dequoted(read.LocalPart, force: true).ToLowerInvariant();
        if (name[0] is '|' or '/' || name.StartsWith(":include:", StringComparison.Ordinal)) return new ResolvedAddress(read, await router.RouteAsync(read, cancellationToken));
        try
        {
            string domain = read.Domain.Length == 0 ? settings.HostName : read.Domain;
            if (settings.Mailboxes is { } mailboxes && await mailboxes.FindAsync(name + "@" + domain, cancellationToken) is not null)
                return new ResolvedAddress(read, await router.RouteAsync(read, cancellationToken));
        }
        catch (MapUnavailableException e)
        {
            return new ResolvedAddress(read, RouteVerdict.Unavailable(e));
        }

        RouteVerdict local = RouteVerdict.To(new MailerTriple("local", "", name), ReasonChain.Of(ReasonKind.Ruleset, $"parse: {read} is local"));
        return new ResolvedAddress(read, local) { IsAliasable = true, IsLocalized = true };
    }

    public ValueTask<ResolvedAddress?> LocalizeAsync(ResolvedAddress resolved, RewriteContext? rewriting, CancellationToken cancellationToken)
    {
        MailerTriple triple = resolved.Verdict.Triple!;
        int plus = triple.User.IndexOf('+', StringComparison.Ordinal);
        if (plus <= 0) return new ValueTask<ResolvedAddress?>((ResolvedAddress?)null);
        MailerTriple next = triple.User.AsSpan(plus + 1) is "*" ? triple with { User = triple.User[..plus] } : triple with { Host = triple.User[plus..], User = triple.User[..(plus + 1)] + "*" };
        return new ValueTask<ResolvedAddress?>(resolved with { Verdict = RouteVerdict.To(next, resolved.Verdict.Reasons.Then(ReasonKind.Ruleset, $"localaddr: {triple.User} is {next.User}")) });
    }

    /// <summary>The address as it came: the mailbox table knows <c>+detail</c> and whole domains itself.</summary>
    public ValueTask<RouteVerdict> FinishAsync(ResolvedAddress resolved, CancellationToken cancellationToken) => router.RouteAsync(resolved.Address, cancellationToken);

    /// <summary>FEATURE(redirect). sendmail 8.17, oracle 14.</summary>
    private static RouteVerdict Moved(CanonicalAddress address)
    {
        string now = $"{address.LocalPart}@{address.Domain[..^Redirect.Length]}";
        return RouteVerdict.Refused(551, new EnhancedStatusCode(5, 1, 1), $"User has moved; please try <{now}>", ReasonChain.Of(ReasonKind.Configuration, $"FEATURE(redirect): {address}"));
    }
}
