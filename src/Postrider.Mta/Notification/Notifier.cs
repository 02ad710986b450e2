using System.Buffers;
using System.Collections.Immutable;
using Postrider.Mail;
using Postrider.Mail.Dsn;
using Postrider.Mta.Aliasing;
using Postrider.Mta.Logging;
using Postrider.Queue;
using Postrider.Queue.Running;

namespace Postrider.Mta.Notification;

/// <summary>
/// Tells the originator what became of a message (RFC 3461, 3464), as sendmail 8.17 does (oracle 50, 51): one report for all that one attempt brought.
/// Nobody is told of what the null reverse-path sent; its failures go to the postmaster once (a double bounce), and the failure of that
/// report is dropped with a log line, so reports never chase each other.
/// </summary>
/// <remarks>Thread-safe. A report is a draft in the same store; it comes into being together with the outcome it is about.</remarks>
/// <param name="expander">Its reader may be an alias (postmaster is nothing else on most sites); null: there are none.</param>
public sealed class Notifier(IQueueStore store, NotifierSettings settings, SendmailLog log, TimeProvider clock, Func<IRecipientExpander?>? expander = null) : IQueueNotifier
{
    /// <summary>Marks the envelope of a report that went to the postmaster because the originator could not be told.</summary>
    internal const string DoubleBounceMacro = "{postrider_double_bounce}";

    public async ValueTask<IReadOnlyList<QueueSuccessor>> NotifyAsync(QueueNotice notice, CancellationToken cancellationToken)
    {
        List<QueueSuccessor> reports = [];
        try
        {
            foreach (QueueNotice part in NoticeReading.ByOriginator(notice))
            {
                if (await NotifyOneAsync(part, cancellationToken) is { } report) reports.Add(report);
            }
        }
        catch
        {
            foreach (QueueSuccessor report in reports) await report.Draft.DisposeAsync();
            throw;
        }

        return reports;
    }

    /// <summary>One report to one originator: who sent the message, or the owner of a list that passed it on.</summary>
    private async ValueTask<QueueSuccessor?> NotifyOneAsync(QueueNotice notice, CancellationToken cancellationToken)
    {
        QueueEnvelope envelope = notice.Entry.Envelope;
        DateTimeOffset now = clock.GetLocalNow();
        bool isForPostmaster = envelope.ReversePath.IsNull || envelope.IsNotification;
        ImmutableArray<ReportRecipient> recipients = isForPostmaster ? NoticeReading.ForPostmaster(notice, now.Offset) : NoticeReading.ForOriginator(notice, now.Offset);
        if (recipients.IsEmpty) return null;
        if (isForPostmaster && MayNotBounce(envelope) is { } why)
        {
            log.Notice(envelope.Id.Value, $"{why}: {recipients[0].Address} {recipients[0].Status} {recipients[0].Message}");
            return null;
        }

        string to = isForPostmaster ? Qualified(settings.DoubleBounceAddress) : envelope.ReversePath.Address;
        return await WriteAsync(notice, recipients, to, isForPostmaster, now, cancellationToken);
    }

    /// <summary>Null: it may be told to the postmaster.</summary>
    private string? MayNotBounce(QueueEnvelope envelope)
    {
        if (envelope.Macros.ContainsKey(DoubleBounceMacro)) return "double bounce failed, dropped";
        return settings.DoubleBounceAddress.Length == 0 ? "double bounce dropped, DoubleBounceAddress is empty" : null;
    }

    private async ValueTask<QueueSuccessor> WriteAsync(
        QueueNotice notice,
        ImmutableArray<ReportRecipient> recipients,
        string to,
        bool isForPostmaster,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        QueueEntry entry = notice.Entry;
        QueueId id = store.NewId();
        ImmutableArray<QueueRecipient> readers = await ReadersAsync(to, cancellationToken);
        ReportKind kind = isForPostmaster ? ReportKind.Postmaster : KindOf(recipients);

        // RFC 3461 §4.3: RET is about failures; a report without one returns only headers. Differs from sendmail, whose warnings return everything (oracle 51).
        bool whole = kind is ReportKind.Failure or ReportKind.Postmaster
            && settings.ReturnsBody
            && entry.Envelope.Return != DsnReturn.Headers
            && entry.ContentOctets <= settings.MaxReturnedOctets;
        ReturnedContent content = await ReturnedContent.LookThroughAsync(
            store,
            entry.Envelope.Id,
            whole,
            turn => DeliveryReport.BoundaryFor(id.Value, now, settings.HostName, turn),
            cancellationToken);
        DeliveryReport report = Report(notice, recipients, kind, id, to, now, content);
        IQueueDraft draft = store.BeginDraft();
        try
        {
            ArrayBufferWriter<byte> part = new(4096);
            DeliveryReportWriter.WriteHead(report, part);
            await draft.AppendAsync(part.WrittenMemory, cancellationToken);
            await content.CopyToAsync(draft, cancellationToken);
            part = new ArrayBufferWriter<byte>(256);
            DeliveryReportWriter.WriteEnd(report, part);
            await draft.AppendAsync(part.WrittenMemory, cancellationToken);
        }
        catch
        {
            await draft.DisposeAsync();
            throw;
        }

        Log(entry.Envelope.Id.Value, report);
        return new QueueSuccessor(draft, Envelope(report, id, readers));
    }

    /// <summary>Whom the report reaches. Aliases that cannot be asked now let the attempt be told of at its next turn; a list of nobody is no place for a report.</summary>
    private async ValueTask<ImmutableArray<QueueRecipient>> ReadersAsync(string to, CancellationToken cancellationToken)
    {
        ImmutableArray<QueueRecipient> named = [new QueueRecipient(ForwardPath.Of(to))];
        if (expander?.Invoke() is not { } aliases) return named;
        try
        {
            ImmutableArray<QueueRecipient> expanded = await aliases.ExpandAsync(named, ReversePath.Null, null, null, cancellationToken);
            return expanded.IsEmpty ? named : expanded;
        }
        catch (ExpansionTooLargeException)
        {
            return named;
        }
    }

    private static ReportKind KindOf(ImmutableArray<ReportRecipient> recipients)
    {
        if (recipients.Any(static one => one.Action == ReportAction.Failed)) return ReportKind.Failure;
        return recipients.Any(static one => one.Action == ReportAction.Delayed) ? ReportKind.Delay : ReportKind.Success;
    }

    private DeliveryReport Report(
        QueueNotice notice,
        ImmutableArray<ReportRecipient> recipients,
        ReportKind kind,
        QueueId id,
        string to,
        DateTimeOffset now,
        ReturnedContent content)
    {
        QueueEnvelope envelope = notice.Entry.Envelope;
        bool isExpired = notice.Outcomes.Any(static one => one is ExpiredOutcome);
        return new DeliveryReport
        {
            Kind = kind,
            QueueId = id.Value,
            Time = now,
            HostName = settings.HostName,
            MailerName = settings.MailerName,
            Version = settings.Version,
            To = to,
            OriginalQueueId = envelope.Id.Value,
            OriginalReversePath = envelope.ReversePath,
            ArrivalTime = envelope.ArrivalTime.ToOffset(now.Offset),
            ReceivedFrom = envelope.ReceivedFrom,
            EnvelopeId = envelope.EnvelopeId,
            Recipients = recipients,
            Waited = kind == ReportKind.Delay ? settings.QueueWarn : isExpired ? settings.QueueReturn : null,
            GivenUpAfter = kind == ReportKind.Delay ? settings.QueueReturn : null,
            ReturnsWholeMessage = content.IsWhole,
            ReturnsEightBit = content.IsEightBit,
            Boundary = content.Boundary,
        };
    }

    /// <summary>RFC 3461 §6.1: the null reverse-path; and no NOTIFY, so that the postmaster hears when even the report fails.</summary>
    private static QueueEnvelope Envelope(DeliveryReport report, QueueId id, ImmutableArray<QueueRecipient> readers) => new()
    {
        Id = id,
        ArrivalTime = report.Time,
        ReversePath = ReversePath.Null,
        Recipients = readers,
        Body = report.IsEightBit ? BodyType.EightBitMime : BodyType.Undeclared,
        ReceivedFrom = "localhost",
        HopCount = 1,
        IsNotification = true,
        Macros = report.Kind == ReportKind.Postmaster
            ? ImmutableDictionary<string, string>.Empty.Add(DoubleBounceMacro, "1")
            : ImmutableDictionary<string, string>.Empty,
    };

    /// <summary>As sendmail 8.17 logs it (oracle 50, 51).</summary>
    private void Log(string id, DeliveryReport report)
    {
        (string kind, string what) = report.Kind switch
        {
            ReportKind.Postmaster => ("postmaster notify", report.Recipients[0].Message),
            ReportKind.Delay => ("sender notify", DeliveryReportWriter.Subject(report)),
            ReportKind.Success => ("DSN", DeliveryReportWriter.Subject(report)),
            _ when report.Waited is { } waited => ("sender notify", $"Cannot send message for {DurationText.InWords(waited)}"),
            _ => ("DSN", report.Recipients.First(static one => one.Action == ReportAction.Failed).Message),
        };
        log.Notification(id, report.QueueId, kind, what);
    }

    private string Qualified(string address) => address.Contains('@', StringComparison.Ordinal) ? address : $"{address}@{settings.HostName}";
}
