using Postrider.Mail;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Routing;

/// <summary>Native parse: address → {mailer, host, user}. Asked twice for each recipient, at RCPT and at delivery, so that a mailbox that appears in between is found.</summary>
/// <remarks>
/// Local: <c>user@domain</c> in the mailbox table, then <c>user</c>; a <c>+detail</c> falls back to the name before it; then the accounts of
/// this machine, where a program delivers to them. Elsewhere: the smart host, or the domain by MX.
/// Immutable and thread-safe.
/// </remarks>
public sealed class Router(RoutingSettings settings) : IRouter
{
    private static readonly EnhancedStatusCode UnknownUser = new(5, 1, 1);
    private static readonly EnhancedStatusCode NotPermitted = new(5, 7, 1);

    public AddressCanonifier Canonifier { get; } = new(settings.Local);

    /// <summary>For an address that was accepted earlier.</summary>
    public ValueTask<RouteVerdict> RouteAsync(ForwardPath path, CancellationToken cancellationToken) => Canonifier.TryResolve(path.Address, out CanonicalAddress? address, out AddressFault? fault)
        ? RouteAsync(address, cancellationToken)
        : new ValueTask<RouteVerdict>(RouteVerdict.Refused(553, fault.Status, fault.Text, ReasonChain.Of(ReasonKind.Ruleset, $"canonify: {fault.Text}: {path.Address}")));

    public ValueTask<AddressReading> ReadAsync(string address, AddressKind kind, RewriteContext? rewriting, CancellationToken cancellationToken)
    {
        string inner = address.StartsWith('<') && address.EndsWith('>') ? address[1..^1] : address;
        return new ValueTask<AddressReading>(Canonifier.TryResolve(inner, out CanonicalAddress? read, out AddressFault? fault)
            ? new AddressReading(read, null)
            : new AddressReading(null, RouteVerdict.Refused(553, fault.Status, fault.Text, ReasonChain.Of(ReasonKind.Ruleset, "canonify: " + fault.Text))));
    }

    public ValueTask<RouteVerdict> RouteAsync(CanonicalAddress address, RewriteContext? rewriting, CancellationToken cancellationToken) => RouteAsync(address, cancellationToken);

    public ValueTask<RouteVerdict> RouteAsync(CanonicalAddress address, CancellationToken cancellationToken)
    {
        if (address.IsLocal) return LocalAsync(address, cancellationToken);
        if (settings.SmartHost is { } smartHost)
        {
            return new ValueTask<RouteVerdict>(RouteVerdict.To(
                new MailerTriple("relay", smartHost, address.Address),
                ReasonChain.Of(ReasonKind.Configuration, $"SMART_HOST {smartHost} takes {address.Domain}")));
        }

        return new ValueTask<RouteVerdict>(RouteVerdict.To(
            new MailerTriple("esmtp", address.Domain, address.Address),
            ReasonChain.Of(ReasonKind.Ruleset, $"parse: {address.Domain} is not local")));
    }

    private async ValueTask<RouteVerdict> LocalAsync(CanonicalAddress address, CancellationToken cancellationToken)
    {
        // sendmail 8.17, oracle 05: texts for what only an alias may name.
        string name = AddressCanonifier.Dequoted(address.LocalPart, force: true);
        if (name.StartsWith('|')) return Refuse(address, "Cannot mail directly to programs");
        if (name.StartsWith('/')) return Refuse(address, "Cannot mail directly to files");
        if (name.StartsWith(":include:", StringComparison.OrdinalIgnoreCase)) return Refuse(address, "Cannot mail directly to :include:s");
        string user = name.ToLowerInvariant();
        string domain = address.Domain.Length == 0 ? settings.HostName : address.Domain;
        try
        {
            int plus = user.IndexOf('+', StringComparison.Ordinal);
            string plain = plus > 0 ? user[..plus] : user;
            VirtualMailbox? mailbox = await FindAsync(user + "@" + domain, cancellationToken) ?? await FindAsync(user, cancellationToken);
            if (mailbox is null && plus > 0) mailbox = await FindAsync(plain + "@" + domain, cancellationToken) ?? await FindAsync(plain, cancellationToken);
            if (mailbox is null && settings.Accounts is { } accounts && await accounts.ExistsAsync(plain, cancellationToken))
                return RouteVerdict.To(new MailerTriple("local", user[plain.Length..], plain), ReasonChain.Of(ReasonKind.Local, $"{plain} is a user of this system"));
            mailbox ??= await FindAsync("@" + domain, cancellationToken);
            if (mailbox is not null) return RouteVerdict.To(new MailerTriple("maildir", mailbox.Directory, user), ReasonChain.Of(ReasonKind.Map, $"mailboxes: {mailbox.Key} is {mailbox.Directory}"));
            return Unknown(address, settings.Mailboxes is null
                ? ReasonChain.Of(ReasonKind.Configuration, settings.Accounts is null ? "the site has no local mailboxes" : $"no user {plain}")
                : ReasonChain.Of(ReasonKind.Map, $"mailboxes: neither {user}@{domain} nor {user} nor @{domain}"));
        }
        catch (MapUnavailableException e)
        {
            return RouteVerdict.Unavailable(e);
        }
    }

    private ValueTask<VirtualMailbox?> FindAsync(string key, CancellationToken cancellationToken) =>
        settings.Mailboxes is { } mailboxes ? mailboxes.FindAsync(key, cancellationToken) : new ValueTask<VirtualMailbox?>((VirtualMailbox?)null);

    private static RouteVerdict Unknown(CanonicalAddress address, ReasonChain reasons) =>
        RouteVerdict.Refused(550, UnknownUser, "User unknown", reasons.Then(ReasonKind.Ruleset, $"parse: {address} is local and nobody"));

    private static RouteVerdict Refuse(CanonicalAddress address, string text) =>
        RouteVerdict.Refused(550, NotPermitted, text, ReasonChain.Of(ReasonKind.Ruleset, $"parse: {address}: only an alias may name it"));
}
