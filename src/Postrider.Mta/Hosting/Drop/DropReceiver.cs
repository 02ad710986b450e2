using Postrider.Mail;
using Postrider.Queue;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>A dropped message goes through the same handler as one that comes over a socket: same policy, same trace field, same commit.</summary>
/// <remarks>
/// Its submitter is gone, so a refusal cannot be said to anybody: recipients whose address was refused go into the queue as they are, where the attempt fails the same
/// way and a delivery report tells the submitter. What policy refused is never let through like that.
/// </remarks>
internal sealed class DropReceiver(Func<ISmtpHandlerFactory> handlers, IQueueStore store, TimeProvider time, Action<string> log)
{
    public async ValueTask<DropVerdict> ReceiveAsync(DropSubmission submission, CancellationToken cancellationToken)
    {
        DropEnvelope envelope = submission.Envelope;
        SmtpSessionFacts facts = new(store.NewId().Value, new ListenerFacts("drop", null), null, time.GetUtcNow()) { LocalUser = submission.User };
        await using ISmtpSessionHandler handler = handlers().Begin(facts);
        if (await handler.ConnectAsync(cancellationToken) is { } rejected) return Refused(submission, rejected);
        MailParameters parameters = new() { Body = envelope.Body, Return = envelope.Return, EnvelopeId = envelope.EnvelopeId };
        MailAnswer answer = await handler.MailAsync(ReversePath.Of(envelope.ReversePath), parameters, cancellationToken);
        if (answer.Transaction is null) return Refused(submission, answer.Reply);
        await using IMailTransaction transaction = answer.Transaction;
        List<DropRecipient> unknown = [];
        int accepted = 0;
        foreach (DropRecipient recipient in envelope.Recipients)
        {
            SmtpReply reply = await transaction.RecipientAsync(ForwardPath.Of(recipient.Address), new RcptParameters { Notify = recipient.Notify }, cancellationToken);
            if (reply.IsTransient) return DropVerdict.Later;
            if (reply.IsPositive) accepted++;
            else if (reply.Status is { Subject: 1 }) unknown.Add(recipient);
            else Refused(submission, reply);
        }

        if (unknown.Count > 0) await QueueForReportAsync(submission, unknown, cancellationToken);
        if (accepted == 0) return unknown.Count > 0 ? DropVerdict.Taken : DropVerdict.Refused;
        SmtpReply? data = await transaction.DataAsync(cancellationToken);
        SmtpReply end = data ?? await transaction.ReceiveAsync(submission.OpenContent(), cancellationToken);
        return end.IsPositive ? DropVerdict.Taken : Refused(submission, end);
    }

    private async ValueTask QueueForReportAsync(DropSubmission submission, List<DropRecipient> recipients, CancellationToken cancellationToken)
    {
        DropEnvelope envelope = submission.Envelope;
        await using IQueueDraft draft = store.BeginDraft();
        SmtpContent content = submission.OpenContent();
        ReadOnlyMemory<byte> slice;
        while (!(slice = await content.ReadAsync(cancellationToken)).IsEmpty) await draft.AppendAsync(slice, cancellationToken);
        QueueEnvelope queued = new()
        {
            Id = store.NewId(),
            ArrivalTime = time.GetUtcNow(),
            ReversePath = ReversePath.Of(envelope.ReversePath),
            Recipients = [.. recipients.Select(static recipient => new QueueRecipient(ForwardPath.Of(recipient.Address)) { Notify = recipient.Notify })],
            Body = envelope.Body,
            Return = envelope.Return,
            EnvelopeId = envelope.EnvelopeId,
            ReceivedFrom = submission.User + "@localhost",
        };
        await draft.CommitAsync(queued, null, cancellationToken);
    }

    private DropVerdict Refused(DropSubmission submission, SmtpReply reply)
    {
        log($"drop: {submission.Name} of {submission.User}: {reply}");
        return reply.IsTransient ? DropVerdict.Later : DropVerdict.Refused;
    }
}
