using System.Collections.Immutable;
using Postrider.Testing;

namespace Postrider.Queue.Conformance;

/// <summary>What a busy evening does to a store: several sessions commit, deliver, defer, bounce, hold and delete, messages small and large, drafts that are never committed.</summary>
internal sealed class Workload(Expectations expectations, ManualTimeProvider time, int seed, Func<bool> isUncertain)
{
    private static readonly int[] Sizes = [0, 120, 2500, 9000, 66_000];

    /// <summary>Operations that failed and said so.</summary>
    public int Refused { get; private set; }

    public Task RunAsync(IQueueStore store, int sessions, int messages) =>
        Task.WhenAll(Enumerable.Range(0, sessions).Select(s => Task.Run(() => SessionAsync(store, new Random((seed * 1000) + s), messages))));

    private async Task SessionAsync(IQueueStore store, Random random, int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            try
            {
                await MessageAsync(store, random, random.Next(10));
            }
            catch (QueueStoreUnavailableException)
            {
                Refused++;
            }
        }
    }

    private async Task MessageAsync(IQueueStore store, Random random, int fate)
    {
        QueueId id = store.NewId();
        int size = Sizes[random.Next(Sizes.Length)];
        QueueEntry entry = NewEntry(id, size);
        await using (IQueueDraft draft = store.BeginDraft())
        {
            await draft.AppendInPiecesAsync(Messages.Content(id.Value, size));
            if (fate == 0) return;
            await expectations.DoAsync(id, size, null, entry, () => draft.CommitAsync(entry.Envelope, new CommitOptions(entry.Due), CancellationToken.None).AsTask(), isUncertain);
        }

        if (fate == 1) return;
        if (fate == 2)
        {
            QueueEntry held = entry with { IsHeld = true };
            await expectations.DoAsync(id, size, entry, held, () => store.SetHeldAsync(id, held: true, CancellationToken.None).AsTask(), isUncertain);
            await expectations.DoAsync(id, size, held, null, () => store.DeleteAsync(id, CancellationToken.None).AsTask(), isUncertain);
            return;
        }

        IReadOnlyList<QueueLease> taken = await store.TakeDueAsync(1, TimeSpan.FromDays(1), new QueueFilter { IdContains = id.Value }, CancellationToken.None);
        LeaseReceipt receipt = Assert.Single(taken).Receipt;
        if (fate == 9) await BounceAsync(store, entry, receipt, size);
        else await RecordAsync(store, entry, receipt, size, fate == 3);
    }

    private async Task RecordAsync(IQueueStore store, QueueEntry entry, LeaseReceipt receipt, int size, bool deferred)
    {
        RecipientState state = new(deferred ? RecipientStatus.Deferred : RecipientStatus.Done, null, "said");
        QueueOutcome outcome = new() { Recipients = ImmutableDictionary<int, RecipientState>.Empty.Add(0, state), Due = entry.Due, AttemptedAt = time.GetUtcNow() };
        QueueEntry? after = deferred ? entry with { Recipients = [state], Attempts = 1 } : null;
        await expectations.DoAsync(entry.Envelope.Id, size, entry, after, () => store.RecordAsync(receipt, outcome, [], CancellationToken.None).AsTask(), isUncertain);
    }

    /// <summary>Outcome and successor: both or neither. That they agree is checked by their states being named together here, and by <see cref="Expectations"/> for each.</summary>
    private async Task BounceAsync(IQueueStore store, QueueEntry entry, LeaseReceipt receipt, int size)
    {
        QueueId id = store.NewId();
        await using IQueueDraft draft = store.BeginDraft();
        await draft.AppendInPiecesAsync(Messages.Content(id.Value, 70_000));
        QueueEntry bounce = NewEntry(id, 70_000);
        QueueOutcome outcome = new() { Recipients = ImmutableDictionary<int, RecipientState>.Empty.Add(0, new RecipientState(RecipientStatus.Failed)), Due = entry.Due };
        await expectations.DoAsync(
            entry.Envelope.Id,
            size,
            entry,
            null,
            () => expectations.DoAsync(id, 70_000, null, bounce, () => store.RecordAsync(receipt, outcome, [new QueueSuccessor(draft, bounce.Envelope)], CancellationToken.None).AsTask(), isUncertain),
            isUncertain);
    }

    private QueueEntry NewEntry(QueueId id, int size) => new()
    {
        Envelope = Messages.Envelope(id, time.GetUtcNow()),
        ContentOctets = size,
        Recipients = [RecipientState.Pending],
        Due = time.GetUtcNow(),
    };
}
