using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Postrider.Mail;
using Postrider.Mta.Delivery;
using Postrider.Mta.Logging;
using Postrider.Mta.Notification;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Queue.Journal;
using Postrider.Queue.Running;

namespace Postrider.Tests.Mta.Notification;

/// <summary>The whole way: journal, runner, worker, router, notifier, and back through the journal into the originator's mailbox.</summary>
public sealed class BounceStoryTests
{
    [Fact]
    public async Task A_message_to_nobody_comes_back_to_its_originator_through_the_queue()
    {
        string directory = Directory.CreateTempSubdirectory("postrider-bounce-").FullName;
        try
        {
            await using JournalQueueStore store = await JournalQueueStore.OpenAsync(directory, null, TimeProvider.System);
            SendmailLog log = new(NullLogger.Instance);
            Router router = new(new RoutingSettings { HostName = "mx.local.test", Local = new LocalNames(["local.test"], []), Mailboxes = new FakeMailboxes("alice") });
            Mailbox mailbox = new();
            QueueWorker worker = new(store, () => router, () => new Dictionary<string, IDeliveryAgent>(StringComparer.Ordinal) { ["maildir"] = mailbox }, log, TimeProvider.System);
            Notifier notifier = new(store, new NotifierSettings { HostName = "mx.local.test", Version = "0.1.0/0.1.0" }, log, TimeProvider.System);
            QueueId id = store.NewId();
            await using (IQueueDraft draft = store.BeginDraft())
            {
                await draft.AppendAsync("Subject: lost\r\n\r\nbody\r\n"u8.ToArray(), CancellationToken.None);
                await draft.CommitAsync(
                    new QueueEnvelope
                    {
                        Id = id,
                        ArrivalTime = TimeProvider.System.GetUtcNow(),
                        ReversePath = ReversePath.Of("alice@local.test"),
                        Recipients = [new QueueRecipient(ForwardPath.Of("nosuch@local.test"))],
                    },
                    null,
                    CancellationToken.None);
            }

            using CancellationTokenSource stop = new();
            QueueRunner runner = new(store, worker, notifier, new QueueRunnerSettings(), TimeProvider.System);
            Task running = runner.RunAsync(stop.Token);
            (DeliveryAttempt attempt, string text) = await mailbox.First.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await stop.CancelAsync();
            await running;

            Assert.True(attempt.Envelope.ReversePath.IsNull);
            Assert.True(attempt.Envelope.IsNotification);
            Assert.Equal("alice@local.test", attempt.Recipients[0].Address.Address);
            Assert.Contains("Final-Recipient: RFC822; nosuch@local.test\r\n", text, StringComparison.Ordinal);
            Assert.Contains("Subject: lost\r\n\r\nbody\r\n", text, StringComparison.Ordinal);
            Assert.Equal(attempt.ContentOctets, Encoding.UTF8.GetByteCount(text));
            Assert.Empty(await store.ListAsync(QueueFilter.Everything, CancellationToken.None));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private sealed class Mailbox : IDeliveryAgent
    {
        public TaskCompletionSource<(DeliveryAttempt Attempt, string Text)> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
        {
            await using Stream content = await attempt.OpenContent(cancellationToken);
            using StreamReader reader = new(content, Encoding.UTF8);
            string text = await reader.ReadToEndAsync(cancellationToken);
            First.TrySetResult((attempt, text));
            return [.. attempt.Recipients.Select(one => new RecipientOutcome(one.Number, OutcomeKind.Delivered, new EnhancedStatusCode(2, 0, 0), "Sent"))];
        }
    }
}
