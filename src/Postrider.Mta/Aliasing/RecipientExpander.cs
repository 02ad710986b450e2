using System.Buffers;
using System.Collections.Immutable;
using Postrider.Mail;
using Postrider.Mta.Routing;
using Postrider.Mta.Users;
using Postrider.Queue;

namespace Postrider.Mta.Aliasing;

/// <summary>Recipients of this site and the aliases of its maps. Immutable and thread-safe.</summary>
/// <param name="users">For full names and for the owners of <c>:include:</c> files; null: no system user is known.</param>
public sealed class RecipientExpander(ExpansionSettings settings, AliasMaps aliases, IRecipientResolver resolver, ILocalUserDirectory? users) : IRecipientExpander
{
    private static readonly EnhancedStatusCode NamedStatus = new(2, 1, 5);
    private static readonly SearchValues<char> WantQuotes = SearchValues.Create(" \t\"(),;<>\\");

    public async ValueTask<RecipientCheck> CheckAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            return (await FindAsync(address, cancellationToken)).Check;
        }
        catch (MapUnavailableException e)
        {
            return new RecipientCheck(RouteVerdict.Unavailable(e), false);
        }
    }

    public async ValueTask<ImmutableArray<QueueRecipient>> ExpandAsync(IReadOnlyList<QueueRecipient> recipients, ReversePath sender, Action<string, string>? log, CancellationToken cancellationToken)
    {
        ExpansionWalk walk = new(settings, aliases, resolver, users, log);
        if (!settings.MeToo && !sender.IsNull && await FindAsync(sender.Address, cancellationToken) is { Check: { IsAlias: false, Verdict.Triple: { } own } }) walk.Excluded = own;
        foreach (QueueRecipient recipient in recipients) await walk.TakeAsync(recipient, cancellationToken);
        return [.. walk.Members.Select(static member => member.Recipient)];
    }

    public async ValueTask<SmtpReply> DescribeAsync(string argument, bool isExpansion, CancellationToken cancellationToken)
    {
        try
        {
            List<AliasMember> named = AliasList.Parse(argument);
            if (named.Count == 0) return SmtpReply.Of(550, "5.1.1", argument.Trim() + "... User unknown");
            named.Reverse();
            return isExpansion ? await ExpnAsync(named, cancellationToken) : await VrfyAsync(named, cancellationToken);
        }
        catch (MapUnavailableException e)
        {
            return SmtpReply.Of(451, "4.3.0", "Temporary system failure. Please try again later.").Because(ReasonKind.Map, e.Message);
        }
        catch (ExpansionTooLargeException e)
        {
            return SmtpReply.Of(552, "5.5.3", "Too many recipients").Because(ReasonKind.Limit, e.Message);
        }
    }

    private async ValueTask<SmtpReply> VrfyAsync(List<AliasMember> named, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        bool isElsewhere = false;
        foreach (AliasMember member in named)
        {
            (RecipientCheck check, ResolvedAddress resolved) = await FindAsync(member.Address, cancellationToken);
            if (!check.Verdict.IsRouted) return Refusal(check.Verdict, member.Address);
            bool isLocal = resolved.Address is null or { IsLocal: true };
            isElsewhere |= !isLocal;
            string user = resolved.Verdict.Triple!.User;
            lines.Add(check.IsAlias ? $"<{user}@{settings.HostName}>"
                : isLocal ? await PersonAsync(member.Address is ['\\', _, ..] ? "\\" + user : user, DomainOf(resolved), user, cancellationToken)
                : $"<{member.Address}>");
        }

        return new SmtpReply(isElsewhere ? 252 : 250, NamedStatus, lines);
    }

    private async ValueTask<SmtpReply> ExpnAsync(List<AliasMember> named, CancellationToken cancellationToken)
    {
        ExpansionWalk walk = new(settings, aliases, resolver, users, null);
        foreach (AliasMember member in named)
        {
            if (member.Address.AsSpan().IndexOfAny('\r', '\n', '\0') < 0) await walk.TakeAsync(new QueueRecipient(ForwardPath.Of(member.Address)), cancellationToken);
        }

        if (walk.Members.Find(static member => member.Refusal is not null) is { Refusal: { } refusal }) return refusal;

        // sendmail 8.17, asked: local ones first, then by host, otherwise in the order they were found.
        List<string> lines = [];
        foreach (ExpandedMember member in walk.Members.Where(static one => one.Triple is not null).OrderBy(static one => HostOf(one.Triple!), StringComparer.OrdinalIgnoreCase))
        {
            string address = member.Recipient.Address.Address;
            lines.Add(member.LocalUser is not { } user ? $"<{Shown(address)}>" : await PersonAsync(address[0] == '\\' ? address : user, settings.HostName, user, cancellationToken));
        }

        return lines.Count == 0 ? SmtpReply.Of(554, "5.5.2", "Nothing to EXPN") : new SmtpReply(250, NamedStatus, lines);
    }

    /// <summary>The first alias on the way from an address to its mailbox, or whether there is a mailbox.</summary>
    private async ValueTask<(RecipientCheck Check, ResolvedAddress Resolved)> FindAsync(string address, CancellationToken cancellationToken)
    {
        bool isFinal = address is ['\\', _, ..];
        ResolvedAddress resolved = await resolver.ResolveAsync(isFinal ? address[1..] : address, cancellationToken);
        for (int round = 0; resolved.Verdict.IsRouted && !isFinal; round++)
        {
            if (resolved.IsAliasable && await aliases.FindAsync(resolved.Verdict.Triple.User, cancellationToken) is not null)
                return (new RecipientCheck(RouteVerdict.To(resolved.Verdict.Triple, resolved.Verdict.Reasons.Then(ReasonKind.Map, $"aliases: {resolved.Verdict.Triple.User}")), true), resolved);
            if (!resolved.IsLocalized || round == settings.MaxDepth || await resolver.LocalizeAsync(resolved, cancellationToken) is not { } next) break;
            resolved = next;
        }

        return (new RecipientCheck(resolved.Verdict.IsRouted ? await resolver.FinishAsync(resolved, cancellationToken) : resolved.Verdict, false), resolved);
    }

    /// <summary><c>Alice Example &lt;alice@mx.example.com&gt;</c>.</summary>
    private async ValueTask<string> PersonAsync(string shown, string domain, string user, CancellationToken cancellationToken)
    {
        string name = users is null ? "" : (await users.FindAsync(user, cancellationToken))?.FullName ?? "";
        return name.Length == 0 || name.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 ? $"<{shown}@{domain}>" : $"{name} <{shown}@{domain}>";
    }

    /// <summary>A virtual mailbox may be of one domain alone; a user is of this host.</summary>
    private string DomainOf(ResolvedAddress resolved) => resolved.Verdict.Triple is { Mailer: "maildir" } && resolved.Address is { Domain.Length: > 0 } address ? address.Domain : settings.HostName;

    private static SmtpReply Refusal(RouteVerdict verdict, string address) =>
        new SmtpReply(verdict.Code, verdict.Status, verdict.Code is 450 or 550 or 553 ? $"{address}... {verdict.Text}" : verdict.Text) with { Reasons = verdict.Reasons };

    private static string HostOf(MailerTriple triple) => triple.Mailer is "local" or "maildir" or "prog" or "*file*" ? "" : triple.Host;

    /// <summary>Quotes go where nothing needs them (sendmail 8.17, asked: <c>"|/bin/cat"</c> is shown without).</summary>
    private static string Shown(string address)
    {
        string bare = ControlledAddress.Bare(address);
        return bare.AsSpan().ContainsAny(WantQuotes) ? address : bare;
    }
}
