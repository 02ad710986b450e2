using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Postrider.Mail;
using Postrider.Mail.Headers;
using Postrider.Mta.Aliasing;
using Postrider.Mta.Configuration;
using Postrider.Mta.Policy;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Receiving;

/// <summary>One mail transaction: recipients that policy and routing let through, then the content, header section completed and body streamed, into one committed queue entry.</summary>
public sealed class MtaTransaction : IMailTransaction
{
    private readonly ReceivingEngine engine;
    private readonly PolicyContext context;
    private readonly QueueId id;
    private readonly string senderAsWritten;
    private readonly ImmutableArray<QueueRecipient>.Builder recipients = ImmutableArray.CreateBuilder<QueueRecipient>(1);
    private readonly Dictionary<MailerTriple, string> routes = new(1);
    private bool hasAliases;
    private bool discarded;
    private string? quarantine;
    private string? messageId;
    private long octets;
    private bool accepted;
    private bool ended;

    internal MtaTransaction(ReceivingEngine engine, PolicyContext context, QueueId id, string senderAsWritten, Verdict senderVerdict)
    {
        this.engine = engine;
        this.context = context;
        this.id = id;
        this.senderAsWritten = senderAsWritten;
        discarded = context.DiscardsSession;
        Note("check_mail", senderAsWritten, senderVerdict);
    }

    private SmtpSessionFacts Session => context.Session;

    public async ValueTask<SmtpReply> RecipientAsync(ForwardPath path, RcptParameters parameters, CancellationToken cancellationToken)
    {
        string written = parameters.PathAsWritten ?? path.ToString();
        SmtpReply reply = await AskAsync(path, parameters, written, cancellationToken);
        if (!reply.IsPositive) context.BadRecipients++;
        context.Recipient = null;
        return reply;
    }

    public async ValueTask<SmtpReply?> DataAsync(CancellationToken cancellationToken) =>
        await CheckAsync("check_data", new RulesetArgument(context.Recipients.ToString(CultureInfo.InvariantCulture)), cancellationToken);

    public async ValueTask<SmtpReply> ReceiveAsync(SmtpContent content, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeAsync(content, cancellationToken);
        }
        catch (QueueStoreUnavailableException e)
        {
            SmtpReply reply = ReceivingReplies.StoreUnavailable(e);
            engine.Log.Notice(id.Value, reply.ToString(), reply.Reasons);
            return reply;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (ended) return ValueTask.CompletedTask;
        ended = true;
        engine.Log.TransactionEnded(new TransactionSummary
        {
            QueueId = id.Value,
            Session = Session,
            From = senderAsWritten,
            Octets = octets,
            Recipients = recipients.Count,
            MessageId = messageId,
            Body = context.Parameters.Body,
            IsAccepted = accepted,
        });
        context.ForgetTransaction();
        return ValueTask.CompletedTask;
    }

    /// <summary>RCPT: an address? → may it? → is there somebody? In this order, as in sendmail: a stranger does not learn which users a remote domain has.</summary>
    private async ValueTask<SmtpReply> AskAsync(ForwardPath path, RcptParameters parameters, string written, CancellationToken cancellationToken)
    {
        if (engine.Settings.MaxRecipients > 0 && recipients.Count >= engine.Settings.MaxRecipients) return ReceivingReplies.TooManyRecipients;
        AddressReading reading = await engine.Router.ReadAsync(path.Address, AddressKind.Recipient, context.Rewriting, cancellationToken);
        if (!reading.IsRead) return Refuse(ReceivingReplies.Refused(reading.Refusal, written));
        CanonicalAddress address = reading.Address;
        context.Recipient = address;
        context.Rewriting?.Macros.Set("dsn_notify", NotifyText(parameters.Notify));
        Verdict verdict = await engine.Rulesets.CheckAsync("check_rcpt", new RulesetArgument(written), written, context, cancellationToken);
        if (verdict.Reply is { } refusal)
        {
            engine.Log.Rejected(id.Value, "check_rcpt", new RulesetCallText(written, null, Session.Relay), refusal);
            return refusal;
        }

        // $#discard drops the whole message, whoever said it, and then nobody need be there (sendmail 8.17, oracle 07 and 11).
        Note("check_rcpt", written, verdict);
        if (discarded)
        {
            recipients.Add(new QueueRecipient(path));
            context.Recipients = recipients.Count;
            return ReceivingReplies.RecipientOk(written) with { Reasons = verdict.Reasons };
        }

        context.Rewriting?.Macros.Set("u", address.Triple?.User);
        RecipientCheck check = engine.Expander is { } expander
            ? await expander.CheckAsync(address, context.Rewriting, cancellationToken)
            : new RecipientCheck(await engine.Router.RouteAsync(address, context.Rewriting, cancellationToken), IsAlias: false);
        ReasonChain reasons = verdict.Reasons.Then(check.Verdict.Reasons);
        if (!check.Verdict.IsRouted) return Refuse(ReceivingReplies.Refused(check.Verdict, written) with { Reasons = reasons });

        // sendmail 8.17, oracle 05: the same mailbox again is answered with its first spelling, and counted once.
        // A mailbox is its directory: bob+1, bob+2 and so on would otherwise be as many copies of one message in it.
        MailerTriple way = check.Verdict.Triple.Mailer == "maildir" ? check.Verdict.Triple with { User = "" } : check.Verdict.Triple;
        if (!routes.TryAdd(way, written)) return ReceivingReplies.RecipientOk(routes[way]) with { Reasons = reasons };
        recipients.Add(new QueueRecipient(Stored(path, address)) { Notify = parameters.Notify, OriginalRecipient = parameters.OriginalRecipient });
        hasAliases |= check.IsAlias;
        context.Recipients = recipients.Count;
        return ReceivingReplies.RecipientOk(written) with { Reasons = reasons };
    }

    /// <summary>What the queue keeps: the address as written where that means the same, so that DSNs name what the originator named; else what it resolved to.</summary>
    private static ForwardPath Stored(ForwardPath path, CanonicalAddress address) =>
        address.WasRerouted || !string.Equals(path.Address, address.Address, StringComparison.OrdinalIgnoreCase) ? ForwardPath.Of(address.Address) : path;

    private async ValueTask<SmtpReply> TakeAsync(SmtpContent content, CancellationToken cancellationToken)
    {
        // 1. The header section, within its budget.
        HeaderSectionReader reader = new(new HeaderSectionLimits(engine.Settings.MaxHeaders));
        ReadOnlyMemory<byte> rest = default;
        while (reader.State == HeaderSectionState.Reading)
        {
            ReadOnlyMemory<byte> slice = await content.ReadAsync(cancellationToken);
            if (slice.IsEmpty) reader.End();
            else rest = slice[reader.Feed(slice.Span)..];
        }

        if (reader.State != HeaderSectionState.Complete) return Refuse(ReceivingReplies.HeadersTooLarge(engine.Settings.MaxHeaders));
        HeaderSection section = reader.Section;

        // 2. What it says about the message's way so far. The field that we add counts, as in sendmail (oracle 40: 7 fields are 8 hops).
        int hops = section.CountOf("Received") + 1;
        if (hops > engine.Settings.MaxHops) return Refuse(ReceivingReplies.TooManyHops(hops, engine.Settings.MaxHops));
        long headOctets = SizeOf(section);
        SmtpReply? refusal = await CheckHeaderAsync(section, headOctets, cancellationToken);

        // 3. The header section as it goes on.
        DateTimeOffset now = engine.Time.GetLocalNow();
        Complete(section, now);
        ArrayBufferWriter<byte> head = new((int)section.Octets + 2);
        section.WriteTo(head);

        // 4. Everything into the draft; the body straight from the transport's slices.
        await using IQueueDraft draft = engine.Queue.BeginDraft();
        await draft.AppendAsync(head.WrittenMemory, cancellationToken);
        octets = headOctets;
        if (!reader.BodyPrefix.IsEmpty)
        {
            octets += SizeOf(reader.BodyPrefix.Span);
            await draft.AppendAsync(reader.BodyPrefix, cancellationToken);
        }

        long max = engine.Settings.MaxMessageSize;
        while (true)
        {
            if (max > 0 && content.Octets > max) return Refuse(ReceivingReplies.MessageTooLarge(max));
            octets += SizeOf(rest.Span);

            // What the header's checks refused is read to its end, so that the log has its size, and kept nowhere.
            if (!rest.IsEmpty && refusal is null) await draft.AppendAsync(rest, cancellationToken);

            rest = await content.ReadAsync(cancellationToken);
            if (rest.IsEmpty) break;
        }

        // 5. The last word, then stable storage, and only then 250.
        refusal ??= Asks("check_eom") ? await CheckEndAsync(octets, cancellationToken) : null;
        if (refusal is not null) return refusal;
        (ImmutableArray<QueueRecipient> everybody, SmtpReply? notNow) = discarded ? ([], null) : await EverybodyAsync(cancellationToken);
        if (notNow is not null) return Refuse(notNow);
        if (discarded) engine.Log.Discarded(id.Value);
        if (!everybody.IsEmpty)
        {
            QueueEnvelope envelope = Envelope(now, hops, await TrustedAuthAsync(cancellationToken)) with { Recipients = everybody };
            await draft.CommitAsync(envelope, quarantine is null ? null : new CommitOptions(Quarantine: quarantine), cancellationToken);
        }

        accepted = true;
        return ReceivingReplies.Accepted(id.Value);
    }

    /// <summary>Whom the queue is given: the recipients, or what their aliases lead to. A refusal when that cannot be known now; then nothing is accepted.</summary>
    private async ValueTask<(ImmutableArray<QueueRecipient> Recipients, SmtpReply? Refusal)> EverybodyAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<QueueRecipient> named = recipients.ToImmutable();
        if (!hasAliases) return (named, null);
        try
        {
            ImmutableArray<QueueRecipient> everybody = await engine.Expander!.ExpandAsync(
                named, ReversePathOf(), context.Rewriting, (from, to) => engine.Log.Expanded(id.Value, from, to), cancellationToken);
            if (everybody.IsEmpty) engine.Log.Notice(id.Value, "its lists have no members: nobody to deliver to", ReasonChain.None);
            return (everybody, null);
        }
        catch (MapUnavailableException e)
        {
            return ([], ReceivingReplies.NotNow.Because(ReasonKind.Map, e.Message));
        }
        catch (ExpansionTooLargeException e)
        {
            return ([], ReceivingReplies.ExpandsTooFar.Because(ReasonKind.Limit, e.Message));
        }
    }

    /// <summary>The checks of single fields, then check_eoh: <c>fields $| octets</c>.</summary>
    private async ValueTask<SmtpReply?> CheckHeaderAsync(HeaderSection section, long size, CancellationToken cancellationToken)
    {
        if (engine.Rules is { } rules)
        {
            foreach ((string ruleset, RulesetArgument argument, string field) in HeaderChecks.Of(rules, section))
            {
                HeaderChecks.Announce(context.Rewriting!.Macros, field, argument.First);
                if (await CheckAsync(ruleset, argument, cancellationToken) is { } refusal) return refusal;
            }
        }

        return Asks("check_eoh") ? await CheckAsync("check_eoh", new RulesetArgument(Text(section.Count), Text(size)), cancellationToken) : null;
    }

    private async ValueTask<SmtpReply?> CheckEndAsync(long size, CancellationToken cancellationToken)
    {
        context.Rewriting?.Macros.Set("msg_id", messageId);
        context.Rewriting?.Macros.Set("msg_size", Text(size));
        return await CheckAsync("check_eom", new RulesetArgument(Text(size)), cancellationToken);
    }

    /// <summary>sendmail counts a line end as one octet, and the empty line with the header (oracle 07: 23 for two fields of 22).</summary>
    private static long SizeOf(HeaderSection section)
    {
        long size = 1;
        foreach (HeaderField field in section) size += field.NameOctets.Length + 2 + SizeOf(field.RawValue.Span);
        return size;
    }

    private static long SizeOf(ReadOnlySpan<byte> crlfText) => crlfText.Length - crlfText.Count((byte)'\r');

    private static string? NotifyText(DsnNotify notify) => notify == default ? null : notify.ToString().ToUpperInvariant().Replace(" ", "", StringComparison.Ordinal);

    private void Complete(HeaderSection section, DateTimeOffset now)
    {
        string host = engine.Settings.HostName;
        new OriginatorFields { Time = now, QueueId = id.Value, HostName = host, Originator = ReversePathOf().Address }.Apply(section);
        if (context.Has(PrivacyFlags.AuthWarnings) && Doubt() is { } doubt)
        {
            string warning = $"{host}: {doubt}";
            section.Insert(OwnFields(section), HeaderField.Of("X-Authentication-Warning", warning));
            engine.Log.AuthenticationWarning(id.Value, warning);
        }

        messageId = section.Find("Message-Id")?.Text;
        section.AddOnTop(ReceivedField.Of(Session, engine.Settings, id.Value, recipients.Count == 1 ? recipients[0].Address.Address : null, now));
    }

    /// <summary>What is doubtful about the sender; null: nothing. sendmail 8.17, oracle 01 and 82. Of local users it is the kernel that says who they are.</summary>
    private string? Doubt()
    {
        if (Session.Remote is not null) return Session.HeloName is null ? $"{Session.Relay} didn't use HELO protocol" : null;
        if (Session.LocalUser is not { } user || engine.Settings.TrustedUsers.Contains(user) || context.SenderAddress is not { } sender) return null;
        return sender.IsLocal && string.Equals(sender.LocalPart, user, StringComparison.OrdinalIgnoreCase) ? null : $"{user} set sender to {ReversePathOf().Address} using -f";
    }

    /// <summary>Behind the fields that were just completed on top.</summary>
    private static int OwnFields(HeaderSection section)
    {
        int index = section.IndexOf("Message-Id");
        return index is >= 0 and < 6 ? index + 1 : 0;
    }

    private QueueEnvelope Envelope(DateTimeOffset now, int hops, string? auth) => new()
    {
        Id = id,
        ArrivalTime = now,
        ReversePath = ReversePathOf(),
        Recipients = recipients.ToImmutable(),
        Body = context.Parameters.Body,
        Return = context.Parameters.Return,
        EnvelopeId = context.Parameters.EnvelopeId,
        Auth = auth,
        DeliverBy = context.Parameters.DeliverBy,
        ReceivedFrom = Session.Relay,
        HopCount = hops,
        Macros = ImmutableDictionary<string, string>.Empty.Add(MessageSize.Macro, Text(octets)),
    };

    /// <summary>Qualified with our own name when a local submitter left the domain out; the original spelling where resolving changed nothing.</summary>
    private ReversePath ReversePathOf()
    {
        ReversePath path = context.Sender!;
        if (context.SenderAddress is not { } sender) return ReversePath.Null;
        if (sender.Domain.Length == 0) return ReversePath.Of(sender.LocalPart + "@" + engine.Settings.HostName);
        return string.Equals(path.Address, sender.Address, StringComparison.OrdinalIgnoreCase) ? path : ReversePath.Of(sender.Address);
    }

    /// <summary>RFC 4954 §5: an AUTH= that we have no reason to trust goes on as <c>&lt;&gt;</c>. The site's trust_auth says which to trust; without it who names himself (oracle 31).</summary>
    private async ValueTask<string?> TrustedAuthAsync(CancellationToken cancellationToken)
    {
        if (context.Parameters.Auth is not { } said) return null;
        if (Session.Auth is not { } auth) return "";
        if (Asks("trust_auth"))
        {
            Verdict verdict = await engine.Rulesets.CheckAsync("trust_auth", new RulesetArgument(said), null, context, cancellationToken);
            return verdict.IsRejected ? "" : said;
        }

        string name = auth.AuthenticationId;
        return string.Equals(said, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(said, $"{name}@{engine.Settings.HostName}", StringComparison.OrdinalIgnoreCase) ? said : "";
    }

    private async ValueTask<SmtpReply?> CheckAsync(string ruleset, RulesetArgument argument, CancellationToken cancellationToken)
    {
        Verdict verdict = await engine.Rulesets.CheckAsync(ruleset, argument, subject: null, context, cancellationToken);
        if (verdict.Reply is { } reply) engine.Log.Rejected(id.Value, ruleset, new RulesetCallText(argument.First, argument.Second, Session.Relay), reply);
        else Note(ruleset, argument.First, verdict);
        return verdict.Reply;
    }

    private bool Asks(string ruleset) => engine.Rulesets.Find(ruleset) is not null;

    private void Note(string ruleset, string argument, Verdict verdict)
    {
        if (verdict.Kind is not (VerdictKind.Discard or VerdictKind.Quarantine)) return;
        discarded |= verdict.Kind is VerdictKind.Discard;
        quarantine ??= verdict.QuarantineReason;
        engine.Log.SetAside(id.Value, ruleset, new RulesetCallText(argument, null, Session.Relay), verdict.QuarantineReason, verdict.Reasons);
    }

    private SmtpReply Refuse(SmtpReply reply)
    {
        engine.Log.Notice(id.Value, reply.Text, reply.Reasons);
        return reply;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
