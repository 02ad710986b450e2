using System.Collections.Immutable;
using System.Globalization;
using Postrider.Mail;
using Postrider.Queue;
using Postrider.Queue.Journal;

// Commits and delivers as fast as it can until somebody kills it: kill-target DIRECTORY. Says on its standard output what has returned, after it has returned:
// "put ID OCTETS"; "going ID" before and "gone ID" after an outcome that ends an entry.
JournalQueueStore store = await JournalQueueStore.OpenAsync(args[0], new JournalSettings { SegmentOctets = 1 << 20 }, TimeProvider.System);
Stream output = Console.OpenStandardOutput();
Lock gate = new();
int[] sizes = [0, 300, 4096, 20_000, 90_000];
await Task.WhenAll(Enumerable.Range(0, 12).Select(w => Task.Run(async () =>
{
    for (int i = w; ; i++)
    {
        int octets = sizes[i % sizes.Length];
        QueueId id = store.NewId();
        IQueueDraft draft = store.BeginDraft();
        await using (draft.ConfigureAwait(false))
        {
            byte[] content = Content(id.Value, octets);
            for (int at = 0; at < octets; at += 5000) await draft.AppendAsync(content.AsMemory(at, Math.Min(5000, octets - at)), CancellationToken.None);
            await draft.CommitAsync(Envelope(id), null, CancellationToken.None);
        }

        Say(string.Create(CultureInfo.InvariantCulture, $"put {id} {octets}\n"));
        if (i % 4 == 0) continue;
        foreach (QueueLease lease in await store.TakeDueAsync(1, TimeSpan.FromMinutes(1), null, CancellationToken.None))
        {
            Say($"going {lease.Receipt.Id}\n");
            QueueOutcome outcome = new() { Recipients = ImmutableDictionary<int, RecipientState>.Empty.Add(0, new RecipientState(RecipientStatus.Done)), Due = lease.Entry.Due };
            await store.RecordAsync(lease.Receipt, outcome, [], CancellationToken.None);
            Say($"gone {lease.Receipt.Id}\n");
        }
    }
})));

void Say(string line)
{
    lock (gate) output.Write(System.Text.Encoding.ASCII.GetBytes(line));
}

static QueueEnvelope Envelope(QueueId id) => new()
{
    Id = id,
    ArrivalTime = TimeProvider.System.GetUtcNow(),
    ReversePath = ReversePath.Of("alice@example.net"),
    Recipients = [new QueueRecipient(ForwardPath.Of("bob@example.org"))],
};

// The same octets as Messages.Content of the conformance kit.
static byte[] Content(string seed, int octets)
{
    byte[] content = new byte[octets];
    uint state = 2166136261;
    foreach (char c in seed) state = (state ^ c) * 16777619;
    for (int i = 0; i < content.Length; i++)
    {
        state = (state * 1664525) + 1013904223;
        content[i] = (byte)(state >> 24);
    }

    return content;
}
