using System.Collections.Immutable;
using Postrider.Mail;

namespace Postrider.Queue.Journal;

/// <summary>Envelopes and states as octets, version 1. Fields are only ever added at the end of a part, where an older reader stops.</summary>
internal static class EntryCodec
{
    public static void WriteEnvelope(RecordWriter writer, QueueEnvelope envelope)
    {
        writer.Text(envelope.Id.Value);
        writer.Time(envelope.ArrivalTime);
        writer.Text(envelope.ReversePath.Address);
        writer.Byte((byte)envelope.Body);
        writer.Byte((byte)envelope.Return);
        writer.Text(envelope.EnvelopeId);
        writer.Text(envelope.Auth);
        writer.Byte(envelope.DeliverBy is null ? (byte)0 : (byte)1);
        if (envelope.DeliverBy is { } by)
        {
            writer.Int64(by.Within.Ticks);
            writer.Byte((byte)((by.ReturnWhenLate ? 1 : 0) | (by.Trace ? 2 : 0)));
        }

        writer.Text(envelope.ReceivedFrom);
        writer.Number(envelope.HopCount);
        writer.Byte(envelope.IsNotification ? (byte)1 : (byte)0);
        writer.Number(envelope.Macros.Count);
        foreach ((string name, string value) in envelope.Macros)
        {
            writer.Text(name);
            writer.Text(value);
        }

        writer.Number(envelope.Recipients.Length);
        foreach (QueueRecipient recipient in envelope.Recipients)
        {
            writer.Text(recipient.Address.Address);
            writer.Byte((byte)recipient.Notify);
            writer.Text(recipient.OriginalRecipient?.AddressType);
            if (recipient.OriginalRecipient is { } original) writer.Text(original.Address);
            writer.Text(recipient.ExpandedFrom?.Address);
        }
    }

    public static QueueEnvelope ReadEnvelope(ref RecordReader reader)
    {
        QueueId id = new(Required(reader.Text()));
        DateTimeOffset arrival = reader.Time();
        ReversePath reverse = ReversePath.Of(Required(reader.Text()));
        BodyType body = (BodyType)reader.Byte();
        DsnReturn dsnReturn = (DsnReturn)reader.Byte();
        string? envelopeId = reader.Text();
        string? auth = reader.Text();
        DeliverBy? by = null;
        if (reader.Byte() != 0)
        {
            TimeSpan within = new(reader.Int64());
            byte flags = reader.Byte();
            by = new DeliverBy(within, (flags & 1) != 0, (flags & 2) != 0);
        }

        string? from = reader.Text();
        int hops = reader.Number();
        bool notification = reader.Byte() != 0;
        int count = reader.Number();
        ImmutableDictionary<string, string> macros = ImmutableDictionary<string, string>.Empty;
        for (int i = 0; i < count; i++) macros = macros.SetItem(Required(reader.Text()), Required(reader.Text()));
        return new QueueEnvelope
        {
            Id = id,
            ArrivalTime = arrival,
            ReversePath = reverse,
            Body = body,
            Return = dsnReturn,
            EnvelopeId = envelopeId,
            Auth = auth,
            DeliverBy = by,
            ReceivedFrom = from,
            HopCount = hops,
            IsNotification = notification,
            Macros = macros,
            Recipients = ReadRecipients(ref reader),
        };
    }

    public static void WriteState(RecordWriter writer, QueueEntry entry)
    {
        writer.Number(entry.Attempts);
        writer.Byte((byte)((entry.WarningSent ? 1 : 0) | (entry.IsHeld ? 2 : 0) | (entry.LastAttempt is null ? 0 : 4)));
        if (entry.LastAttempt is { } last) writer.Time(last);
        writer.Time(entry.Due);
        writer.Text(entry.Quarantine);
        writer.Number(entry.Recipients.Length);
        foreach (RecipientState state in entry.Recipients)
        {
            writer.Byte((byte)((byte)state.Status | (state.Enhanced is null ? 0 : 0x80)));
            if (state.Enhanced is { } enhanced)
            {
                writer.Number(enhanced.Class);
                writer.Number(enhanced.Subject);
                writer.Number(enhanced.Detail);
            }

            writer.Text(state.Message);
        }
    }

    /// <summary>The entry with the state that is read; envelope and content's size as given.</summary>
    public static QueueEntry ReadState(ref RecordReader reader, QueueEnvelope envelope, long contentOctets)
    {
        int attempts = reader.Number();
        byte flags = reader.Byte();
        DateTimeOffset? last = (flags & 4) != 0 ? reader.Time() : null;
        DateTimeOffset due = reader.Time();
        string? quarantine = reader.Text();
        int count = reader.Number();
        if (count != envelope.Recipients.Length) throw new InvalidDataException("a state has another number of recipients than its envelope");
        ImmutableArray<RecipientState>.Builder states = ImmutableArray.CreateBuilder<RecipientState>(count);
        for (int i = 0; i < count; i++)
        {
            byte status = reader.Byte();
            EnhancedStatusCode? enhanced = (status & 0x80) != 0 ? new EnhancedStatusCode(reader.Number(), reader.Number(), reader.Number()) : null;
            string? message = reader.Text();
            RecipientStatus plain = (RecipientStatus)(status & 0x7f);
            states.Add(plain == RecipientStatus.Pending && enhanced is null && message is null ? RecipientState.Pending : new RecipientState(plain, enhanced, message));
        }

        return new QueueEntry
        {
            Envelope = envelope,
            ContentOctets = contentOctets,
            Recipients = states.MoveToImmutable(),
            Attempts = attempts,
            LastAttempt = last,
            Due = due,
            WarningSent = (flags & 1) != 0,
            IsHeld = (flags & 2) != 0,
            Quarantine = quarantine,
        };
    }

    /// <summary>What expansion left on recipients, at the very end of an entry and only where there is something: an entry without it is as long as it ever was.</summary>
    public static void WriteExpansion(RecordWriter writer, QueueEnvelope envelope)
    {
        int count = envelope.Recipients.Count(IsExpanded);
        if (count == 0) return;
        writer.Number(count);
        for (int i = 0; i < envelope.Recipients.Length; i++)
        {
            QueueRecipient recipient = envelope.Recipients[i];
            if (!IsExpanded(recipient)) continue;
            writer.Number(i);
            writer.Byte((byte)((recipient.Owner is null ? 0 : 1) | (recipient.Controller is null ? 0 : 2) | (recipient.Foregone is null ? 0 : 4)));
            if (recipient.Owner is { } owner) writer.Text(owner.Address);
            if (recipient.Controller is { } controller)
            {
                writer.Text(controller.Address);
                writer.Text(controller.User);
            }

            if (recipient.Foregone is { } foregone)
            {
                writer.Byte((byte)foregone.Kind);
                writer.Text(foregone.Reply);
            }
        }
    }

    public static QueueEnvelope ReadExpansion(ref RecordReader reader, QueueEnvelope envelope)
    {
        if (reader.IsAtEnd) return envelope;
        ImmutableArray<QueueRecipient>.Builder recipients = envelope.Recipients.ToBuilder();
        for (int left = reader.Number(); left > 0; left--)
        {
            int number = reader.Number();
            if ((uint)number >= (uint)recipients.Count) throw new InvalidDataException("an expansion names a recipient that its envelope does not have");
            byte flags = reader.Byte();
            recipients[number] = recipients[number] with
            {
                Owner = (flags & 1) == 0 ? null : ReversePath.Of(Required(reader.Text())),
                Controller = (flags & 2) == 0 ? null : new RecipientController(Required(reader.Text()), reader.Text()),
                Foregone = (flags & 4) == 0 ? null : new ForegoneOutcome((ForegoneKind)reader.Byte(), Required(reader.Text())),
            };
        }

        return envelope with { Recipients = recipients.ToImmutable() };
    }

    private static bool IsExpanded(QueueRecipient recipient) => recipient.Owner is not null || recipient.Controller is not null || recipient.Foregone is not null;

    private static ImmutableArray<QueueRecipient> ReadRecipients(ref RecordReader reader)
    {
        int count = reader.Number();
        ImmutableArray<QueueRecipient>.Builder recipients = ImmutableArray.CreateBuilder<QueueRecipient>();
        for (int i = 0; i < count; i++)
        {
            ForwardPath address = ForwardPath.Of(Required(reader.Text()));
            DsnNotify notify = (DsnNotify)reader.Byte();
            string? type = reader.Text();
            OriginalRecipient? original = type is null ? null : new OriginalRecipient(type, Required(reader.Text()));
            string? expanded = reader.Text();
            recipients.Add(new QueueRecipient(address) { Notify = notify, OriginalRecipient = original, ExpandedFrom = expanded is null ? null : ForwardPath.Of(expanded) });
        }

        return recipients.ToImmutable();
    }

    private static string Required(string? text) => text ?? throw new InvalidDataException("a field that must be there is not");
}
