using System.Globalization;
using Postrider.Mail;
using Postrider.Mta.Routing;
using Postrider.Mta.Users;
using Postrider.Queue;

namespace Postrider.Mta.Aliasing;

/// <summary>One expansion: from the recipients of a message down to everybody they lead to, each once. Belongs to one call; not thread-safe.</summary>
/// <remarks>
/// Depth is bounded by MaxAliasRecursion, width by <see cref="ExpansionSettings.MaxRecipients"/> and <see cref="IncludeFiles.MaxOctets"/>. An alias that was expanded
/// already adds nobody, so a net of lists costs no more than its names. The members of a list are taken from its end, as sendmail takes them.
/// </remarks>
/// <param name="log">Told each alias and its right-hand side; null: nobody is.</param>
internal sealed class ExpansionWalk(AliasSearch search, ILocalUserDirectory? users, Action<string, string>? log)
{
    private static readonly EnhancedStatusCode LoopStatus = new(5, 4, 6);
    private static readonly EnhancedStatusCode DirectStatus = new(5, 7, 1);

    private readonly ExpansionSettings settings = search.Settings;
    private readonly Dictionary<(string Mailer, string Host, string User), int> places = [];
    private readonly HashSet<string> done = new(StringComparer.OrdinalIgnoreCase);

    public List<ExpandedMember> Members { get; } = [];

    /// <summary>MeToo=False: the mailbox that no list adds.</summary>
    public MailerTriple? Excluded { get; set; }

    /// <summary>A recipient as the peer named it.</summary>
    public ValueTask TakeAsync(QueueRecipient recipient, CancellationToken cancellationToken) => TakeAsync(
        new AliasMember(recipient.Address.Address),
        recipient,
        new ExpansionFrame { Source = recipient.Address, Notify = recipient.Notify, OriginalRecipient = recipient.OriginalRecipient },
        cancellationToken);

    private ValueTask TakeAsync(AliasMember member, ExpansionFrame frame, CancellationToken cancellationToken) =>
        TakeAsync(member, Recipient(member.Address, frame), frame, cancellationToken);

    private async ValueTask TakeAsync(AliasMember member, QueueRecipient recipient, ExpansionFrame frame, CancellationToken cancellationToken)
    {
        string bare = ControlledAddress.Bare(member.Address);
        if (bare.StartsWith('|') || bare.StartsWith('/'))
        {
            TakeControlled(member, recipient, frame, bare[0] == '|' ? "programs" : "files");
            return;
        }

        if (bare.StartsWith(":include:", StringComparison.OrdinalIgnoreCase))
        {
            await IncludeAsync(member, recipient, frame, bare[9..].Trim(), cancellationToken);
            return;
        }

        // A backslash says: this user himself, whatever his aliases.
        bool isFinal = member.Address.Length > 1 && member.Address[0] == '\\';
        (ResolvedAddress? resolved, string? value, RouteVerdict? unread) = await search.FindAsync(isFinal ? member.Address[1..] : member.Address, !isFinal, cancellationToken);
        if (resolved is null)
        {
            AddNowhere(member, recipient, frame, unread!);
            return;
        }

        if (value is not null)
        {
            string name = resolved.Verdict.Triple!.User;
            ExpansionFrame? above = frame.Find(name);
            if (above is null)
            {
                if (done.Add(name)) await ExpandAsync(name, value, recipient, frame, cancellationToken);
                return;
            }

            if (above != frame)
            {
                Break(above.Expanded!, "aliasing/forwarding loop broken"); // told of the one that the loop began with, as in oracle 60
                return;
            }

            // An alias that names itself means the user (sendmail 8.17, asked).
        }

        RouteVerdict verdict = await search.FinishAsync(resolved, cancellationToken);
        if (!verdict.IsRouted)
        {
            AddNowhere(member, recipient, frame, verdict);
            return;
        }

        Add(new ExpandedMember(recipient, verdict.Triple, null) { LocalUser = resolved.IsAliasable || resolved.Address.IsLocal ? resolved.Verdict.Triple!.User : null }, frame);
    }

    private async ValueTask ExpandAsync(string name, string value, QueueRecipient recipient, ExpansionFrame frame, CancellationToken cancellationToken)
    {
        if (frame.Depth + 1 > settings.MaxDepth)
        {
            Break(recipient, string.Create(CultureInfo.InvariantCulture, $"aliasing/forwarding loop broken ({frame.Depth + 1} aliases deep; {settings.MaxDepth} max)"));
            return;
        }

        log?.Invoke(name, value);
        List<AliasMember> members = AliasList.Parse(value);
        members.Reverse();
        ExpansionFrame inner = frame with
        {
            Depth = frame.Depth + 1,
            Alias = name,
            Expanded = recipient,
            Outer = frame,

            // An alias that a user's list names is used in that user's name (sendmail's controlling address is the nearest that has a user).
            Controller = frame.Controller is { } up && (up.User is not null || frame.NoPrograms is not null) ? up
                : new RecipientController(frame.Depth == 0 ? recipient.Address.ToString() : recipient.Address.Address, null),
        };
        if (await OwnerAsync(name, cancellationToken) is { } owner)
        {
            Tell(recipient, ForegoneKind.DeliveredToList);

            // RFC 3461 §5.2.7.4: behind a list nothing holds of what the originator asked for.
            inner = inner with { Owner = owner, Notify = DsnNotify.Unspecified, OriginalRecipient = null };
        }

        await TakeAllAsync(members, recipient, inner, cancellationToken);
    }

    /// <summary>The members of an alias or a file: when they are several, only the expansion itself can be a success to tell.</summary>
    private async ValueTask TakeAllAsync(IReadOnlyList<AliasMember> members, QueueRecipient recipient, ExpansionFrame inner, CancellationToken cancellationToken)
    {
        if (members.Count > 1 && inner.Notify.HasFlag(DsnNotify.Success))
        {
            // RFC 3461 §5.2.7.3: an "expanded" notice, and no members' success; nothing else asked for is nothing wanted.
            Tell(recipient, ForegoneKind.Expanded);
            DsnNotify rest = inner.Notify & ~DsnNotify.Success;
            inner = inner with { Notify = rest == DsnNotify.Unspecified ? DsnNotify.Never : rest };
        }

        foreach (AliasMember member in members) await TakeAsync(member, inner, cancellationToken);
    }

    private async ValueTask IncludeAsync(AliasMember member, QueueRecipient recipient, ExpansionFrame frame, string path, CancellationToken cancellationToken)
    {
        if (frame.Controller is null)
        {
            Refuse(member, recipient, 550, DirectStatus, "Cannot mail directly to :include:s");
            return;
        }

        if (!done.Add(":include:" + path)) return;
        if (frame.Depth + 1 > settings.MaxDepth)
        {
            Break(recipient, string.Create(CultureInfo.InvariantCulture, $"aliasing/forwarding loop broken ({frame.Depth + 1} aliases deep; {settings.MaxDepth} max)"));
            return;
        }

        IncludeList list = await IncludeFiles.ReadAsync(path, cancellationToken);
        if (list.Refusal is { } why)
        {
            Refuse(member, recipient, 550, new EnhancedStatusCode(5, 2, 4), $"Cannot open {path}: {why}");
            return;
        }

        log?.Invoke(member.Address, string.Create(CultureInfo.InvariantCulture, $"{list.Members.Count} addresses"));
        (string? user, string? noPrograms) = await ControllerAsync(list.Owner, cancellationToken);
        ExpansionFrame inner = frame with { Depth = frame.Depth + 1, Alias = member.Address, Expanded = recipient, Outer = frame, Controller = new RecipientController(member.Address, user), NoPrograms = noPrograms };
        await TakeAllAsync(list.Members, recipient, inner, cancellationToken);
    }

    /// <summary>In whose name what a file names is used: its owner's, DefaultUser's when that is root.</summary>
    private async ValueTask<(string? User, string? NoPrograms)> ControllerAsync(uint owner, CancellationToken cancellationToken)
    {
        if (owner == 0) return (null, null);
        LocalUser? user = users is null ? null : await users.FindAsync(owner, cancellationToken);
        return user is null
            ? (null, string.Create(CultureInfo.InvariantCulture, $"User {owner} is not known here and may not mail to {{0}}"))
            : (user.Name, LoginShells.System.Has(user.Shell) ? null : $"User {user.Name}@{settings.HostName} doesn't have a valid shell for mailing to {{0}}");
    }

    /// <summary>Who answers for a list: what <c>owner-list</c> stands for when that is one address, else <c>owner-list</c> itself (sendmail 8.17, asked). Null: nobody.</summary>
    private async ValueTask<ReversePath?> OwnerAsync(string name, CancellationToken cancellationToken)
    {
        // The owners of owners, and of the -request addresses beside lists, are one.
        bool isOwner = name.StartsWith("owner-", StringComparison.OrdinalIgnoreCase) || name.EndsWith("-request", StringComparison.OrdinalIgnoreCase);
        string owner = isOwner ? "owner-owner" : "owner-" + name;
        if (string.Equals(owner, name, StringComparison.OrdinalIgnoreCase) || await search.ValueAsync(owner, cancellationToken) is not { } value) return null;
        List<AliasMember> members = AliasList.Parse(value);
        string address = members.Count == 1 && ControlledAddress.Bare(members[0].Address) is [not ('|' or '/' or ':' or '\\'), ..] ? members[0].Address : owner;
        return ReversePath.Of(address.Contains('@', StringComparison.Ordinal) ? address : $"{address}@{settings.HostName}");
    }

    private void AddNowhere(AliasMember member, QueueRecipient recipient, ExpansionFrame frame, RouteVerdict verdict)
    {
        SmtpReply reply = Reply(verdict.Code, verdict.Status, member, verdict.Text) with { Reasons = verdict.Reasons };

        // What is unknown now may be known at the attempt, and the attempt says it in the words of delivery; a reply that says something else is kept.
        bool isForDelivery = frame.Depth == 0 || verdict.Code < 500 || verdict.Code == 550;
        QueueRecipient kept = isForDelivery ? recipient : recipient with { Foregone = Foregone(Reply(verdict.Code, verdict.Status, member with { Place = "" }, verdict.Text)) };
        Add(new ExpandedMember(kept, null, reply), frame);
    }

    private void TakeControlled(AliasMember member, QueueRecipient recipient, ExpansionFrame frame, string kind)
    {
        if (frame.Controller is not { } controller) Refuse(member, recipient, 550, DirectStatus, $"Cannot mail directly to {kind}");
        else if (frame.NoPrograms is { } why) Refuse(member, recipient, 550, DirectStatus, string.Format(CultureInfo.InvariantCulture, why, kind));
        else
        {
            QueueRecipient kept = recipient with { Controller = controller };
            MailerTriple triple = ControlledAddress.TripleOf(kept)!;
            Add(new ExpandedMember(kept, triple with { Host = controller.User ?? "" }, null), frame);
        }
    }

    private void Refuse(AliasMember member, QueueRecipient recipient, int code, EnhancedStatusCode status, string text)
    {
        SmtpReply reply = Reply(code, status, member, text);
        Keep(new ExpandedMember(recipient with { Foregone = Foregone(reply) }, null, reply));
    }

    private void Break(QueueRecipient recipient, string text)
    {
        SmtpReply reply = new(554, LoopStatus, text);
        Keep(new ExpandedMember(recipient with { Foregone = Foregone(reply) }, null, reply));
    }

    private void Tell(QueueRecipient recipient, ForegoneKind kind)
    {
        if (!recipient.Notify.HasFlag(DsnNotify.Success)) return;
        QueueRecipient told = recipient with { Notify = DsnNotify.Success, Foregone = new ForegoneOutcome(kind, "250 2.0.0 expanded to multiple addresses") };
        Keep(new ExpandedMember(told, null, null));
    }

    // Who is refused costs as much as who is not.
    private void Keep(ExpandedMember member)
    {
        if (Members.Count >= settings.MaxRecipients) throw new ExpansionTooLargeException(settings.MaxRecipients);
        Members.Add(member);
    }

    private void Add(ExpandedMember member, ExpansionFrame frame)
    {
        if (Members.Count >= settings.MaxRecipients) throw new ExpansionTooLargeException(settings.MaxRecipients);
        if (member.Triple is { } triple)
        {
            (string, string, string) key = KeyOf(triple);
            if (frame.Depth > 0 && Excluded is { } excluded && key == KeyOf(excluded)) return;
            if (places.TryGetValue(key, out int place))
            {
                // Named by the peer himself he keeps what the peer asked for him.
                if (frame.Depth == 0 && Members[place].Recipient.ExpandedFrom is not null) Members[place] = member;
                return;
            }

            places.Add(key, Members.Count);
        }

        Members.Add(member);
    }

    /// <summary>A mailbox is its directory, whatever detail it was named with.</summary>
    private static (string Mailer, string Host, string User) KeyOf(MailerTriple triple) =>
        (triple.Mailer, triple.Host.StartsWith('/') ? triple.Host : triple.Host.ToLowerInvariant(), triple.Mailer == "maildir" ? "" : triple.User);

    private static QueueRecipient Recipient(string address, ExpansionFrame frame) => new(ForwardPath.Of(address))
    {
        Notify = frame.Notify,
        OriginalRecipient = frame.OriginalRecipient,
        ExpandedFrom = frame.Source,
        Owner = frame.Owner,
    };

    private static ForegoneOutcome Foregone(SmtpReply reply) => new(ForegoneKind.Refused, reply.ToString());

    /// <summary>sendmail puts the address before the text for these codes only (reference §15).</summary>
    private static SmtpReply Reply(int code, EnhancedStatusCode status, AliasMember member, string text) =>
        new(code, status, code is 450 or 550 or 553 ? $"{member.Place}{member.Address}... {text}" : text);
}
