using System.Globalization;
using Microsoft.Extensions.Logging;
using Postrider.Mail;

namespace Postrider.Mta.Delivery;

/// <summary>Final delivery into a Maildir; the attempt's host is the mailbox's directory, absolute or relative to the base. Thread-safe.</summary>
/// <remarks>
/// A message is one file: written to <c>tmp</c>, synced, moved to <c>new</c>, and the directory synced; so a reader never sees half a message, and <c>Delivered</c> means stable
/// storage. Messages that come at the same time share the syncs. Lines end in LF, <c>Return-Path:</c> stands first (RFC 5321 §4.4; sendmail's mailer flag P). One file per recipient.
/// Nothing below the base directory is reached over a symbolic link. What is missing there is made, with mode 0700; the base itself never is.
/// Differs from sendmail: the null reverse-path is written <c>&lt;&gt;</c>, as RFC 5321 §4.4 has it, not <c>&lt;MAILER-DAEMON&gt;</c>; programs that answer mail look for it.
/// </remarks>
public sealed class MaildirDeliveryAgent : IDeliveryAgent
{
    private static int sequence;

    private readonly GatheringThreads<MaildirDelivery> writers;
    private readonly string baseDirectory;
    private readonly string hostName;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    public MaildirDeliveryAgent(MaildirSettings settings, TimeProvider time, ILogger<MaildirDeliveryAgent> logger)
    {
        baseDirectory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.BaseDirectory));

        // The Maildir convention: a slash and a colon in a host name are written in octal.
        hostName = settings.HostName.Replace("/", "\\057", StringComparison.Ordinal).Replace(":", "\\072", StringComparison.Ordinal);
        this.time = time;
        this.logger = logger;
        writers = new GatheringThreads<MaildirDelivery>(settings.Writers, settings.Batch, settings.Gather, "maildir", Write);
    }

    public async ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        List<RecipientOutcome> outcomes = new(attempt.Recipients.Count);
        foreach (DeliveryRecipient recipient in attempt.Recipients)
        {
            if (outcomes.Count > 0 && cancellationToken.IsCancellationRequested) break;
            outcomes.Add(await DeliverOneAsync(attempt, recipient, outcomes.Count == 0 ? cancellationToken : CancellationToken.None));
        }

        return outcomes;
    }

    private async ValueTask<RecipientOutcome> DeliverOneAsync(DeliveryAttempt attempt, DeliveryRecipient recipient, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(attempt, cancellationToken);
            return new RecipientOutcome(recipient.Number, OutcomeKind.Delivered, new EnhancedStatusCode(2, 0, 0), "Sent")
            {
                Reasons = ReasonChain.Of(ReasonKind.Local, $"delivered to {attempt.Host}"),
            };
        }
        catch (MaildirException e)
        {
            logger.MailboxFailed(attempt.Envelope.Id.ToString(), attempt.Host, e.Message);
            return Deferred(recipient, e.Status, attempt.Host, e.Message);
        }
        catch (IOException e)
        {
            // Of a write: .NET tells a full file system by HResult = errno.
            MaildirException known = new("write", "message", e.HResult);
            logger.MailboxFailed(attempt.Envelope.Id.ToString(), attempt.Host, e.Message);
            return Deferred(recipient, known.Status, attempt.Host, e.Message);
        }
    }

    private static RecipientOutcome Deferred(DeliveryRecipient recipient, EnhancedStatusCode status, string mailbox, string reason) =>
        new(recipient.Number, OutcomeKind.Deferred, status, status.ToString() switch
        {
            "4.2.2" => "Deferred: mailbox is full",
            "4.3.1" => "Deferred: file system is full",
            _ => "Deferred: mailbox cannot be written",
        })
        {
            Reasons = ReasonChain.Of(ReasonKind.Local, $"{mailbox}: {reason}"),
        };

    private async ValueTask WriteAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        await using Stream content = await attempt.OpenContent(cancellationToken);
        MaildirDelivery delivery = new(attempt, UniqueName(attempt), content);
        writers.Add(delivery);
        await delivery.Done;
    }

    private void Write(List<MaildirDelivery> deliveries)
    {
        using MaildirBatch batch = new(baseDirectory);
        batch.Deliver(deliveries);
    }

    // The Maildir convention: seconds, what is unique on the host, host name. The queue id makes a file findable in the log.
    private string UniqueName(DeliveryAttempt attempt)
    {
        DateTimeOffset now = time.GetUtcNow();
        return string.Create(CultureInfo.InvariantCulture,
            $"{now.ToUnixTimeSeconds()}.M{now.Ticks / 10 % 1_000_000}P{Environment.ProcessId}Q{Interlocked.Increment(ref sequence):x}_{attempt.Envelope.Id}.{hostName}");
    }
}
