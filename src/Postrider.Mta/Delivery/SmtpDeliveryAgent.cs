using System.Globalization;
using Microsoft.Extensions.Logging;
using Postrider.Mail;
using Postrider.Mta.Dns;
using Postrider.Queue;
using Postrider.Smtp.Client;

namespace Postrider.Mta.Delivery;

/// <summary>Hands messages to the next hop by SMTP or LMTP. Thread-safe; one instance serves a mailer.</summary>
/// <remarks>
/// An attempt: (1) the hosts of the destination, (2) host by host: a connection, from the cache or new, (3) one mail transaction on it for the recipients that are
/// still open. What a host says about a recipient in a transaction decides, for good or for now; only what is no answer (no address, no connection, a
/// refused greeting, 421, a connection lost before the final dot) leads to the next host.
/// Differs from sendmail: a permanent refusal in the greeting or in EHLO is final only when every host said so; RFC 5321 §5.1 asks to try the others.
/// </remarks>
public sealed class SmtpDeliveryAgent : IDeliveryAgent
{
    private readonly SmtpDeliverySettings settings;
    private readonly MailHostResolver hosts;
    private readonly ConnectionCache cache;
    private readonly SmtpConnector connector;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    /// <param name="hosts">Finds hosts and addresses; may be shared by all mailers.</param>
    /// <param name="cache">For this mailer alone: connections are opened with its settings. The caller disposes it.</param>
    /// <param name="time">Drives every timeout.</param>
    /// <param name="logger">Takes <c>STARTTLS=client</c> lines and what the operator should see; the outcome of each recipient is the caller's to log.</param>
    public SmtpDeliveryAgent(SmtpDeliverySettings settings, MailHostResolver hosts, ConnectionCache cache, TimeProvider time, ILogger<SmtpDeliveryAgent> logger)
    {
        this.settings = settings;
        this.hosts = hosts;
        this.cache = cache;
        this.time = time;
        this.logger = logger;
        connector = new SmtpConnector(settings, hosts, time, logger);
    }

    public async ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        // :: 1. The hosts of the destination
        MxResolution resolution = await hosts.ResolveAsync(attempt.Host, cancellationToken);
        if (resolution.Failure is { } failure)
        {
            if (failure.Alarm is { } alarm) logger.MailLoop(attempt.Envelope.Id.ToString(), alarm);
            return [.. attempt.Recipients.Select(r => SmtpOutcomes.NoHost(r.Number, failure, resolution.Reasons))];
        }

        List<RecipientOutcome> outcomes = new(attempt.Recipients.Count);
        foreach (DeliveryRecipient[] part in attempt.Recipients.Chunk(settings.MaxRecipients))
        {
            try
            {
                await DeliverPartAsync(attempt, part, resolution, outcomes, cancellationToken);
            }
            catch (Exception e) when (outcomes.Count > 0)
            {
                // Cancelled, or the content cannot be read: what earlier parts came to must still be told; silence means deferred for the others.
                logger.AttemptCutShort(attempt.Envelope.Id.ToString(), e.Message);
                break;
            }
        }

        return outcomes;
    }

    private async ValueTask DeliverPartAsync(DeliveryAttempt attempt, DeliveryRecipient[] recipients, MxResolution resolution, List<RecipientOutcome> outcomes, CancellationToken cancellationToken)
    {
        DeliveryRecipient[] open = recipients;
        HostFailure? worst = null;
        foreach (MailHost found in resolution.Hosts)
        {
            MailHost host = found.Port == 25 && settings.Port != 25 ? found with { Port = settings.Port } : found;
            string key = string.Create(CultureInfo.InvariantCulture, $"{host.Name}:{host.Port}");
            using ConnectionSlot slot = await cache.AcquireAsync(key, cancellationToken);
            bool fresh = false;
            while (open.Length > 0)
            {
                // :: 2. A connection
                SmtpConnection? connection = fresh ? null : slot.TakeIdle();
                bool reused = connection is not null;
                if (connection is null)
                {
                    (connection, HostFailure? failure) = await connector.OpenAsync(host, attempt.Envelope.Id.ToString(), cancellationToken);
                    if (connection is null)
                    {
                        worst = HostFailure.Worse(worst, failure!);
                        break;
                    }
                }

                // :: 3. A mail transaction
                SmtpTransactionResult result;
                try
                {
                    result = await connection.Session.SendAsync(Message(attempt, open), cancellationToken);
                }
                catch
                {
                    cache.Close(connection);
                    throw;
                }

                // A connection that waited in the cache may have been closed by the peer meanwhile (its 421 may be the first thing to be read): that says nothing about the message.
                bool stale = reused && !result.MayDuplicate && result.Recipients.All(r => r.Reply is null or { Code: 421 });
                slot.GiveBack(connection);
                if (stale)
                {
                    fresh = true;
                    continue;
                }

                open = Take(open, result, connection, outcomes, ref worst);
                break;
            }

            if (open.Length == 0) return;
        }

        outcomes.AddRange(open.Select(r => worst!.Outcome(r.Number, resolution.Reasons)));
    }

    /// <summary>Adds what is decided to the outcomes; returns the recipients for whom the next host is to be tried.</summary>
    private static DeliveryRecipient[] Take(DeliveryRecipient[] open, SmtpTransactionResult result, SmtpConnection connection, List<RecipientOutcome> outcomes, ref HostFailure? worst)
    {
        List<DeliveryRecipient>? left = null;
        for (int i = 0; i < open.Length; i++)
        {
            SmtpRecipientResult said = result.Recipients[i];
            bool nextHost = said is { Reply: null } or { Reply.Code: 421, Phase: not SmtpClientPhase.ContentEnd };
            if (!nextHost || result.MayDuplicate)
            {
                outcomes.Add(SmtpOutcomes.Of(open[i], said, result, connection));
                continue;
            }

            (left ??= []).Add(open[i]);
            worst = HostFailure.Worse(worst, said.Reply is { } reply
                ? HostFailure.Refused(connection.Host, connection.Address, reply, said.Phase)
                : HostFailure.Lost(connection.Host, connection.Address, result.Loss!));
        }

        return left is null ? [] : [.. left];
    }

    private SmtpClientMessage Message(DeliveryAttempt attempt, DeliveryRecipient[] recipients) => new()
    {
        ReversePath = attempt.Sender is { } sender ? ReversePath.Of(sender) : attempt.Envelope.ReversePath,
        Recipients = Array.ConvertAll(recipients, r => new SmtpClientRecipient(r.User, new RcptParameters { Notify = r.Recipient.Notify, OriginalRecipient = r.Recipient.OriginalRecipient })),
        Parameters = new MailParameters
        {
            Size = attempt.ReceivedOctets ?? attempt.ContentOctets,
            Body = attempt.Envelope.Body,
            Return = attempt.Envelope.Return,
            EnvelopeId = attempt.Envelope.EnvelopeId,
            Auth = attempt.Envelope.Auth,
            DeliverBy = Remaining(attempt.Envelope),
        },
        OpenContent = attempt.OpenContent,
    };

    /// <summary>RFC 2852 §4: the time that is left is passed on. In mode R nothing that is already late: returning it is the queue's business.</summary>
    private DeliverBy? Remaining(QueueEnvelope envelope)
    {
        if (envelope.DeliverBy is not { } by) return null;
        TimeSpan left = by.Within - (time.GetUtcNow() - envelope.ArrivalTime);
        return by.ReturnWhenLate && left < TimeSpan.FromSeconds(1) ? null : by with { Within = left };
    }
}
