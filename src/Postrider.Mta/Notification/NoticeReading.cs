using System.Collections.Immutable;
using Postrider.Mail;
using Postrider.Mail.Dsn;
using Postrider.Mta.Delivery;
using Postrider.Queue;
using Postrider.Queue.Running;

namespace Postrider.Mta.Notification;

/// <summary>Which recipients of a notice are to be reported, by the rules of NOTIFY (RFC 3461 §4.1, §5.2). Pure.</summary>
internal static class NoticeReading
{
    /// <summary>A notice for each originator: recipients that a list's owner answers for are his.</summary>
    /// <remarks>RFC 3461 §5.2.7.4: the owner is told nothing of what the originator asked for, so his notice has no envelope id.</remarks>
    public static IEnumerable<QueueNotice> ByOriginator(QueueNotice notice)
    {
        QueueEnvelope envelope = notice.Entry.Envelope;
        if (!envelope.Recipients.Any(static one => one.Owner is not null)) return [notice];
        return notice.Outcomes.GroupBy(outcome => envelope.Recipients[outcome.Recipient].Owner).Select(group => group.Key is null
            ? notice with { Outcomes = [.. group] }
            : notice with
            {
                Outcomes = [.. group],
                Entry = notice.Entry with { Envelope = envelope with { ReversePath = group.Key, EnvelopeId = null, Return = DsnReturn.Unspecified, IsNotification = false } },
            });
    }

    /// <summary>For the originator: failures, delays and successes that NOTIFY asks for, or does not forbid.</summary>
    public static ImmutableArray<ReportRecipient> ForOriginator(QueueNotice notice, TimeSpan zone) => Read(notice, zone, isForPostmaster: false);

    /// <summary>For the postmaster in the originator's place: failures, unless NOTIFY=NEVER.</summary>
    public static ImmutableArray<ReportRecipient> ForPostmaster(QueueNotice notice, TimeSpan zone) => Read(notice, zone, isForPostmaster: true);

    private static ImmutableArray<ReportRecipient> Read(QueueNotice notice, TimeSpan zone, bool isForPostmaster)
    {
        ImmutableArray<ReportRecipient>.Builder recipients = ImmutableArray.CreateBuilder<ReportRecipient>();
        HashSet<int> delayed = [.. notice.Delayed];
        foreach (AttemptOutcome outcome in notice.Outcomes)
        {
            QueueRecipient recipient = notice.Entry.Envelope.Recipients[outcome.Recipient];
            ReportAction? action = isForPostmaster
                ? outcome.Status == RecipientStatus.Failed && recipient.Notify != DsnNotify.Never ? ReportAction.Failed : null
                : ActionFor(delayed, outcome, recipient.Notify);
            if (action is { } what) recipients.Add(Describe(notice, outcome, recipient, what, zone));
        }

        return recipients.ToImmutable();
    }

    private static ReportAction? ActionFor(HashSet<int> delayed, AttemptOutcome outcome, DsnNotify notify)
    {
        // RFC 3461 §4.1: NEVER stands alone and forbids everything; absent NOTIFY is as if FAILURE, and DELAY at our choice.
        if (notify == DsnNotify.Never) return null;
        bool isUnspecified = notify == DsnNotify.Unspecified;
        switch (outcome.Status)
        {
            case RecipientStatus.Failed:
                return isUnspecified || notify.HasFlag(DsnNotify.Failure) ? ReportAction.Failed : null;
            case RecipientStatus.Done when notify.HasFlag(DsnNotify.Success) && outcome is QueueWorkerOutcome { Facts.Kind: OutcomeKind.Delivered }:
                return ReportAction.DeliveredToMailbox;
            case RecipientStatus.Done when notify.HasFlag(DsnNotify.Success) && outcome is QueueWorkerOutcome { Facts.Kind: OutcomeKind.RelayedWithoutDsn }:
                // RFC 3461 §5.2.2: the next hop cannot tell, so it is ours to say that it was relayed. Where it can (Relayed) nothing is said here.
                return ReportAction.Relayed;
            case RecipientStatus.Done when notify.HasFlag(DsnNotify.Success) && outcome is QueueWorkerOutcome { Facts.Kind: OutcomeKind.Expanded }:
                return ReportAction.Expanded;
            case RecipientStatus.Done when notify.HasFlag(DsnNotify.Success) && outcome is QueueWorkerOutcome { Facts.Kind: OutcomeKind.DeliveredToList }:
                return ReportAction.DeliveredToList;
            default:
                return delayed.Contains(outcome.Recipient) && (isUnspecified || notify.HasFlag(DsnNotify.Delay)) ? ReportAction.Delayed : null;
        }
    }

    private static ReportRecipient Describe(QueueNotice notice, AttemptOutcome outcome, QueueRecipient recipient, ReportAction action, TimeSpan zone)
    {
        AttemptOutcome? last = outcome is ExpiredOutcome expired ? expired.Last : outcome;
        RecipientOutcome? facts = (last as QueueWorkerOutcome)?.Facts;
        return new ReportRecipient
        {
            Address = recipient.Address,
            ExpandedFrom = recipient.ExpandedFrom,
            OriginalRecipient = recipient.OriginalRecipient,
            Action = action,
            Status = outcome.Enhanced ?? new EnhancedStatusCode(action switch { ReportAction.Failed => 5, ReportAction.Delayed => 4, _ => 2 }, 0, 0),
            Message = last?.Message ?? outcome.Message ?? "",
            LocalReply = facts?.LocalReply,
            RemoteMta = facts?.RemoteMta,
            RemoteReply = facts?.RemoteReply,
            Command = facts?.Command,
            Output = facts?.Output ?? [],
            Diagnostic = facts?.Diagnostic,
            Reason = facts?.Diagnostic is null ? null : facts.ReportedReason ?? facts.Message,
            LastAttempt = notice.AttemptedAt.ToOffset(zone),
            WillRetryUntil = action == ReportAction.Delayed ? notice.RetryUntil.ToOffset(zone) : null,
        };
    }
}
