using System.Collections.Concurrent;
using Postrider.Mail;
using Postrider.Queue;
using Postrider.Queue.Running;

namespace Postrider.Tests.Queue.Running;

internal sealed class RecordingNotifier(Func<IQueueStore> store) : IQueueNotifier
{
    public ConcurrentQueue<QueueNotice> Notices { get; } = new();

    public bool Fails { get; set; }

    /// <summary>Answers each notice with a notification.</summary>
    public bool Writes { get; set; }

    public async ValueTask<IReadOnlyList<QueueSuccessor>> NotifyAsync(QueueNotice notice, CancellationToken cancellationToken)
    {
        if (Fails) throw new IOException("no paper");
        Notices.Enqueue(notice);
        if (!Writes || notice.Entry.Envelope.IsNotification) return [];
        IQueueDraft draft = store().BeginDraft();
        await draft.AppendAsync("Subject: returned\r\n\r\n"u8.ToArray(), cancellationToken);
        QueueEnvelope envelope = notice.Entry.Envelope with
        {
            Id = store().NewId(),
            ReversePath = ReversePath.Null,
            Recipients = [new QueueRecipient(ForwardPath.Of(notice.Entry.Envelope.ReversePath.Address))],
            IsNotification = true,
        };
        return [new QueueSuccessor(draft, envelope)];
    }
}
