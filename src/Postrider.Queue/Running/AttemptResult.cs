using System.Collections.Immutable;
using System.Globalization;
using Postrider.Mail;

namespace Postrider.Queue.Running;

/// <summary>What follows from an attempt: new states, the next due instant, whether anybody is to be told. Pure.</summary>
internal sealed class AttemptResult
{
    private readonly QueueEntry before;
    private readonly List<AttemptOutcome> outcomes = [];
    private readonly List<int> stray = [];
    private readonly List<int> delayed = [];
    private readonly DateTimeOffset attemptedAt;
    private readonly DateTimeOffset due;
    private readonly DateTimeOffset expires;

    public AttemptResult(QueueEntry before, IReadOnlyList<AttemptOutcome> said, QueueRunnerSettings settings, DateTimeOffset attemptedAt, DateTimeOffset now)
    {
        this.before = before;
        this.attemptedAt = attemptedAt;
        DateTimeOffset arrival = before.Envelope.ArrivalTime;
        expires = arrival + settings.Return;
        Collect(said, now >= expires, settings.Return);
        DateTimeOffset? warnAt = MayWarn ? arrival + settings.Warn : null;
        if (warnAt <= now) delayed.AddRange(outcomes.Where(o => !IsFinal(o) && WantsDelay(before.Envelope.Recipients[o.Recipient])).Select(o => o.Recipient));
        due = now + settings.Retry.After(before.Attempts + 1);

        // Nobody waits for the next back-off step to hear of a delay or an end that is due before it.
        if (warnAt is { } warn && warn > now && warn < due) due = warn;
        if (expires > now && expires < due) due = expires;
    }

    /// <summary>Outcomes for nobody.</summary>
    public IReadOnlyList<int> Stray => stray;

    public QueueOutcome Outcome => new()
    {
        Recipients = outcomes.ToImmutableDictionary(o => o.Recipient, ToState),
        Due = due,
        AttemptedAt = attemptedAt,
        WarningSent = delayed.Count > 0,
    };

    /// <summary>Who failed stays deferred, so that the failure is met, and told, again.</summary>
    public QueueOutcome OutcomeWithoutNotice => Outcome with
    {
        Recipients = outcomes.ToImmutableDictionary(
            o => o.Recipient,
            o => o.Status == RecipientStatus.Failed ? new RecipientState(RecipientStatus.Deferred, o.Enhanced, o.Message) : ToState(o)),
        WarningSent = false,
    };

    /// <summary>Null: there is nothing that anybody might want to be told.</summary>
    public QueueNotice? Notice => delayed.Count == 0 && !outcomes.Exists(IsFinal)
        ? null
        : new QueueNotice { Entry = before, Outcomes = outcomes, Delayed = delayed, RetryUntil = expires, AttemptedAt = attemptedAt };

    /// <summary>A notification is never warned about (RFC 3461 §6: no DSN about a DSN), nor is anything whose originator cannot be told.</summary>
    private bool MayWarn => !before.WarningSent && !before.Envelope.IsNotification && !before.Envelope.ReversePath.IsNull;

    public static IReadOnlyList<AttemptOutcome> DeferAll(QueueEntry entry, Exception e)
    {
        string message = "Deferred: " + OneLine(e.Message);
        return [.. Enumerable.Range(0, entry.Recipients.Length)
            .Where(i => !entry.Recipients[i].IsFinal)
            .Select(i => new AttemptOutcome(i, RecipientStatus.Deferred, new EnhancedStatusCode(4, 3, 0), message))];
    }

    private static bool IsFinal(AttemptOutcome outcome) => outcome.Status is RecipientStatus.Done or RecipientStatus.Failed;

    private static RecipientState ToState(AttemptOutcome outcome) => new(
        outcome.Status == RecipientStatus.Pending ? RecipientStatus.Deferred : outcome.Status,
        outcome.Enhanced,
        outcome.Message is null ? null : OneLine(outcome.Message));

    /// <summary>RFC 3461 §4.1: NOTIFY that does not say DELAY forbids it; without NOTIFY it is at our choice, and sendmail warns.</summary>
    private static bool WantsDelay(QueueRecipient recipient) => recipient.Notify == DsnNotify.Unspecified || recipient.Notify.HasFlag(DsnNotify.Delay);

    private static string OneLine(string text) => string.Create(text.Length, text, static (line, from) =>
    {
        for (int i = 0; i < line.Length; i++) line[i] = char.IsControl(from[i]) ? ' ' : from[i];
    });

    private static string Span(TimeSpan span) => span >= TimeSpan.FromDays(2) && span.Ticks % TimeSpan.TicksPerDay == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} days")
        : span.TotalHours >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} hours") : string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} minutes");

    /// <summary>One outcome for each open recipient. Silence is deferral; deferral after the last day is failure.</summary>
    private void Collect(IReadOnlyList<AttemptOutcome> said, bool expired, TimeSpan limit)
    {
        AttemptOutcome?[] byRecipient = new AttemptOutcome?[before.Recipients.Length];
        foreach (AttemptOutcome outcome in said)
        {
            int number = outcome.Recipient;
            if ((uint)number >= (uint)byRecipient.Length || before.Recipients[number].IsFinal) stray.Add(number);
            else if (byRecipient[number] is not { Status: RecipientStatus.Done }) byRecipient[number] = outcome;
        }

        for (int i = 0; i < byRecipient.Length; i++)
        {
            if (before.Recipients[i].IsFinal) continue;
            AttemptOutcome outcome = byRecipient[i] ?? new AttemptOutcome(i, RecipientStatus.Deferred, before.Recipients[i].Enhanced, before.Recipients[i].Message);
            outcomes.Add(expired && !IsFinal(outcome) ? new ExpiredOutcome(i, "Message could not be delivered for " + Span(limit), byRecipient[i]) : outcome);
        }
    }
}
