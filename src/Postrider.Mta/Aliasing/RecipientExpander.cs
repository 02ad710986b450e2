using System.Buffers;
using System.Collections.Immutable;
using Postrider.Mail;
using Postrider.Mta.Routing;
using Postrider.Mta.Users;
using Postrider.Queue;
using RewriteContext = Postrider.Sendmail.Rewriting.RewriteContext;

namespace Postrider.Mta.Aliasing;

/// <summary>Recipients of this site and the aliases of its maps. Immutable and thread-safe.</summary>
/// <param name="users">For full names and for the owners of <c>:include:</c> files; null: no system user is known.</param>
public sealed class RecipientExpander(ExpansionSettings settings, AliasMaps aliases, IRecipientResolver resolver, ILocalUserDirectory? users) : IRecipientExpander
{
    private static readonly EnhancedStatusCode NamedStatus = new(2, 1, 5);
    private static readonly SearchValues<char> WantQuotes = SearchValues.Create(" \t\"(),;<>\\");

    public async ValueTask<RecipientCheck> CheckAsync(CanonicalAddress address, RewriteContext? rewriting, CancellationToken cancellationToken)
    {
        try
        {
            AliasSearch search = Search(rewriting);
            bool isFinal = address.LocalPart is ['\\', _, ..];
            (ResolvedAddress resolved, string? value) = await search.FindAsync(isFinal ? address with { LocalPart = address.LocalPart[1..] } : address, !isFinal, cancellationToken);
            if (value is null) return new RecipientCheck(await search.FinishAsync(resolved, cancellationToken), false);
            MailerTriple triple = resolved.Verdict.Triple!;
            return new RecipientCheck(RouteVerdict.To(triple, resolved.Verdict.Reasons.Then(ReasonKind.Map, $"aliases: {triple.User} is {value}")), true);
        }
        catch (MapUnavailableException e)
        {
            return new RecipientCheck(RouteVerdict.Unavailable(e), false);
        }
    }

    public async ValueTask<ImmutableArray<QueueRecipient>> ExpandAsync(
        IReadOnlyList<QueueRecipient> recipients, ReversePath sender, RewriteContext? rewriting, Action<string, string>? log, CancellationToken cancellationToken)
    {
        AliasSearch search = Search(rewriting);
        ExpansionWalk walk = new(search, users, log);
        if (!settings.MeToo && !sender.IsNull && await search.FindAsync(sender.Address, true, cancellationToken) is { Resolved: { } own, Value: null })
            walk.Excluded = (await search.FinishAsync(own, cancellationToken)).Triple;
        foreach (QueueRecipient recipient in recipients) await walk.TakeAsync(recipient, cancellationToken);
        return [.. walk.Members.Select(static member => member.Recipient)];
    }

    public async ValueTask<SmtpReply> DescribeAsync(string argument, bool isExpansion, RewriteContext? rewriting, CancellationToken cancellationToken)
    {
        try
        {
            List<AliasMember> named = AliasList.Parse(argument);
            if (named.Count == 0) return SmtpReply.Of(550, "5.1.1", argument.Trim() + "... User unknown");
            named.Reverse();
            return isExpansion ? await ExpnAsync(named, Search(rewriting), cancellationToken) : await VrfyAsync(named, Search(rewriting), cancellationToken);
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

    private AliasSearch Search(RewriteContext? rewriting) => new(settings, aliases, resolver, rewriting);

    private async ValueTask<SmtpReply> VrfyAsync(List<AliasMember> named, AliasSearch search, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        bool isElsewhere = false;
        foreach (AliasMember member in named)
        {
            string bare = ControlledAddress.Bare(member.Address);
            if (OnlyAliasMayName(bare) is { } kind) return SmtpReply.Of(550, "5.7.1", $"{member.Address}... Cannot mail directly to {kind}");
            bool isFinal = member.Address is ['\\', _, ..];
            (ResolvedAddress? resolved, string? value, RouteVerdict? unread) = await search.FindAsync(isFinal ? member.Address[1..] : member.Address, !isFinal, cancellationToken);
            if (resolved is null) return Refusal(unread!, member.Address);
            if (value is not null)
            {
                lines.Add($"<{resolved.Verdict.Triple!.User}@{settings.HostName}>");
                continue;
            }

            RouteVerdict verdict = await search.FinishAsync(resolved, cancellationToken);
            if (!verdict.IsRouted) return Refusal(verdict, member.Address);
            isElsewhere |= !resolved.Address.IsLocal;
            string user = resolved.Verdict.Triple!.User;
            lines.Add(resolved.Address.IsLocal ? await PersonAsync(isFinal ? "\\" + user : user, DomainOf(resolved), user, cancellationToken) : $"<{member.Address}>");
        }

        return new SmtpReply(isElsewhere ? 252 : 250, NamedStatus, lines);
    }

    private async ValueTask<SmtpReply> ExpnAsync(List<AliasMember> named, AliasSearch search, CancellationToken cancellationToken)
    {
        ExpansionWalk walk = new(search, users, null);
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

    /// <summary><c>Alice Example &lt;alice@mx.example.com&gt;</c>.</summary>
    private async ValueTask<string> PersonAsync(string shown, string domain, string user, CancellationToken cancellationToken)
    {
        string name = users is null ? "" : (await users.FindAsync(user, cancellationToken))?.FullName ?? "";
        return name.Length == 0 || name.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 ? $"<{shown}@{domain}>" : $"{name} <{shown}@{domain}>";
    }

    /// <summary>A virtual mailbox may be of one domain alone; a user is of this host.</summary>
    private string DomainOf(ResolvedAddress resolved) => resolved.Verdict.Triple is { Mailer: "maildir" } && resolved.Address.Domain.Length > 0 ? resolved.Address.Domain : settings.HostName;

    private static string? OnlyAliasMayName(string bare) => bare.StartsWith('|') ? "programs"
        : bare.StartsWith('/') ? "files"
        : bare.StartsWith(":include:", StringComparison.OrdinalIgnoreCase) ? ":include:s" : null;

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
