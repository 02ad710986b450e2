using System.Collections.Concurrent;
using Postrider.Mail;
using Postrider.Mta.Aliasing;
using Postrider.Mta.Logging;
using Postrider.Mta.Policy;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Queue.Running;

namespace Postrider.Mta.Delivery;

/// <summary>One attempt at one queue entry: route every open recipient, bring those who go the same way to the agent of their mailer together, and say for each what became of it.</summary>
/// <remarks>
/// Thread-safe. Nobody is forgotten: no route, no agent, an agent's silence or its exception all mean deferred. Ways of one message are tried side by side, a
/// few at a time, so that one slow host does not hold up the others.
/// </remarks>
/// <param name="store">For the content only.</param>
/// <param name="router">Asked at each attempt, so that mail that waits goes where the site says now.</param>
/// <param name="agents">By mailer name; asked at each attempt.</param>
/// <param name="rules">The site's rulesets that are asked for each recipient; null, or a null answer: none.</param>
public sealed class QueueWorker(IQueueStore store, Func<IRouter> router, Func<IReadOnlyDictionary<string, IDeliveryAgent>> agents, SendmailLog log, TimeProvider clock, Func<DeliveryRules?>? rules = null) : IQueueWorker
{
    private const int WaysAtOnce = 8;

    private static readonly EnhancedStatusCode SystemTrouble = new(4, 3, 0);
    private static readonly EnhancedStatusCode ConfigurationTrouble = new(4, 3, 5);

    public async ValueTask<IReadOnlyList<AttemptOutcome>> AttemptAsync(QueueLease lease, CancellationToken cancellationToken)
    {
        QueueEntry entry = lease.Entry;
        ConcurrentDictionary<int, QueueWorkerOutcome> outcomes = new();
        Dictionary<DeliveryWay, List<DeliveryRecipient>> ways = await RouteAsync(entry, outcomes, cancellationToken);
        bool isHandedOver = !outcomes.IsEmpty;
        try
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = WaysAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(ways, options, async (way, token) => await GoAsync(entry, way.Key, way.Value, outcomes, token));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && (isHandedOver || !outcomes.IsEmpty))
        {
            // Something was decided or handed over before the end: that must be recorded. The others are silent, which is deferred.
        }

        return [.. outcomes.Values.OrderBy(static outcome => outcome.Recipient)];
    }

    /// <summary>Host names are compared ignoring case; a Maildir's directory comes from one map and is written one way.</summary>
    private async ValueTask<Dictionary<DeliveryWay, List<DeliveryRecipient>>> RouteAsync(
        QueueEntry entry,
        ConcurrentDictionary<int, QueueWorkerOutcome> outcomes,
        CancellationToken cancellationToken)
    {
        Dictionary<DeliveryWay, List<DeliveryRecipient>> ways = [];
        IRouter current = router();
        for (int i = 0; i < entry.Recipients.Length; i++)
        {
            if (entry.Recipients[i].IsFinal) continue;
            QueueRecipient recipient = entry.Envelope.Recipients[i];
            if (recipient.Foregone is { } foregone)
            {
                Record(entry, null, null, outcomes, ForegoneReading.Read(i, foregone));
                continue;
            }

            RouteVerdict verdict = await AskAsync(current, entry, recipient, cancellationToken);
            if (!verdict.IsRouted)
            {
                bool isPermanent = verdict.Code >= 500;
                string text = isPermanent ? verdict.Text : "Deferred: " + verdict.Text;
                Record(entry, null, null, outcomes, new RecipientOutcome(i, isPermanent ? OutcomeKind.Failed : OutcomeKind.Deferred, verdict.Status, text) { Reasons = verdict.Reasons });
                continue;
            }

            bool isPath = verdict.Triple.Host.StartsWith('/');
            DeliveryWay key = new(verdict.Triple.Mailer, isPath ? verdict.Triple.Host : verdict.Triple.Host.ToLowerInvariant(), recipient.Owner);
            if (!ways.TryGetValue(key, out List<DeliveryRecipient>? way)) ways.Add(key, way = []);
            way.Add(new DeliveryRecipient(i, recipient, verdict.Triple.User));
        }

        return ways;
    }

    private async ValueTask<RouteVerdict> AskAsync(IRouter current, QueueEntry entry, QueueRecipient recipient, CancellationToken cancellationToken)
    {
        ForwardPath path = ControlledAddress.Plain(recipient);
        try
        {
            RouteVerdict verdict = ControlledAddress.TripleOf(recipient) is { } controlled
                ? RouteVerdict.To(controlled, ReasonChain.Of(ReasonKind.Configuration, $"alias {recipient.Controller!.Address}"))
                : await current.RouteAsync(path, cancellationToken);
            return verdict.IsRouted && rules?.Invoke() is { } site ? await site.CheckCompatAsync(entry.Envelope, path, cancellationToken) ?? verdict : verdict;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.Warning(entry.Envelope.Id.Value, $"routing of {path} failed: {e.GetType().Name}: {e.Message}");
            return RouteVerdict.Refused(451, SystemTrouble, "routing failed", ReasonChain.Of(ReasonKind.Ruleset, $"routing: {e.Message}"));
        }
    }

    private async ValueTask GoAsync(
        QueueEntry entry,
        DeliveryWay way,
        List<DeliveryRecipient> recipients,
        ConcurrentDictionary<int, QueueWorkerOutcome> outcomes,
        CancellationToken cancellationToken)
    {
        string id = entry.Envelope.Id.Value;
        long started = clock.GetTimestamp();
        IReadOnlyList<RecipientOutcome> said = [];
        string silence = "Deferred";
        EnhancedStatusCode status = SystemTrouble;
        if (!agents().TryGetValue(way.Mailer, out IDeliveryAgent? agent))
        {
            // Differs from sendmail, which bounces with 5.3.5: mail waits until the operator has mended it.
            silence = $"Deferred: mailer {way.Mailer} is not configured";
            status = ConfigurationTrouble;
            log.SysErr(id, $"mailer {way.Mailer} is not configured");
        }
        else
        {
            try
            {
                said = await agent.DeliverAsync(Attempt(entry, way, recipients), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e)
            {
                silence = "Deferred: local problem";
                log.Warning(id, $"mailer {way.Mailer}, host {way.Host}: {e.GetType().Name}: {e.Message}");
            }
        }

        TimeSpan took = clock.GetElapsedTime(started);
        Dictionary<int, RecipientOutcome> byNumber = new(said.Count);
        foreach (RecipientOutcome one in said) byNumber.TryAdd(one.Recipient, one);
        foreach (DeliveryRecipient recipient in recipients)
        {
            RecipientOutcome outcome = byNumber.GetValueOrDefault(recipient.Number) ?? new RecipientOutcome(recipient.Number, OutcomeKind.Deferred, status, silence);
            Record(entry, way.Mailer, took, outcomes, outcome);
        }
    }

    private DeliveryAttempt Attempt(QueueEntry entry, DeliveryWay way, List<DeliveryRecipient> recipients) => new()
    {
        // RFC 3461 §5.2.7.4: behind a list stands its owner, and nothing of what the originator asked for.
        Envelope = way.Owner is { } owner ? entry.Envelope with { ReversePath = owner, EnvelopeId = null, Auth = null } : entry.Envelope,
        Mailer = way.Mailer,
        Host = way.Host,
        Recipients = recipients,
        ContentOctets = entry.ContentOctets,
        ReceivedOctets = MessageSize.Of(entry),
        OpenContent = async token => await store.OpenContentAsync(entry.Envelope.Id, token)
            ?? throw new QueueStoreUnavailableException($"{entry.Envelope.Id}: no content", isDiskFull: false),
    };

    private void Record(QueueEntry entry, string? mailer, TimeSpan? took, ConcurrentDictionary<int, QueueWorkerOutcome> outcomes, RecipientOutcome outcome)
    {
        outcomes[outcome.Recipient] = new QueueWorkerOutcome(outcome);
        if (outcome.Kind is OutcomeKind.Expanded or OutcomeKind.DeliveredToList) return; // its members have lines of their own
        QueueEnvelope envelope = entry.Envelope;
        QueueRecipient queued = envelope.Recipients[outcome.Recipient];
        ForwardPath recipient = queued.Address;
        log.To(new ToLine(envelope.Id.Value, recipient, outcome.Kind, clock.GetUtcNow() - envelope.ArrivalTime, took, outcome.Status, outcome.Message)
        {
            Mailer = mailer,
            IsExpanded = queued.ExpandedFrom is not null,
            // sendmail 8.17, oracle 88 and reference §9.2: size, RecipientFactor 30000 each, RetryFactor 90000 for each attempt before.
            Priority = MessageSize.Of(entry) + (30000L * envelope.Recipients.Length) + (90000L * entry.Attempts),
            Relay = outcome.Relay,
            Reply = outcome.Kind is OutcomeKind.Failed or OutcomeKind.Deferred ? outcome.RemoteReply : null,
        });
        log.Verdict(envelope.Id.Value, recipient, outcome);
    }
}
