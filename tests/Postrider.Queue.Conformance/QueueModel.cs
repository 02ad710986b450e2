using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Xunit.Sdk;

namespace Postrider.Queue.Conformance;

/// <summary>The store as a few lines of dictionary, and random operations done on both at once. What differs is a broken promise.</summary>
internal sealed class QueueModel(int seed)
{
    private readonly Random random = new(seed);
    private readonly Dictionary<string, ModelEntry> entries = new(StringComparer.Ordinal);
    private readonly List<LeaseReceipt> receipts = [];
    private readonly StringBuilder journal = new();
    private QueueEnvelope last = null!;
    private int serial;

    public async Task StepAsync(IQueueStore store, Postrider.Testing.ManualTimeProvider time)
    {
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                await PutAsync(store, time);
                break;
            case 3 or 4:
                await TakeAsync(store, time);
                break;
            case 5 or 6:
                await RecordAsync(store, time);
                break;
            case 7:
                await ExtendOrReleaseAsync(store, time);
                break;
            case 8:
                await HoldAsync(store);
                break;
            case 9:
                await DeleteAsync(store, time);
                break;
            case 10:
                time.Advance(TimeSpan.FromSeconds(random.Next(1, 90)));
                Note("advance");
                break;
            default:
                await CheckAsync(store, time);
                break;
        }
    }

    public void Restarted()
    {
        Note("restart");
        foreach (ModelEntry entry in entries.Values) entry.Token = 0;
    }

    public async Task CheckAsync(IQueueStore store, TimeProvider time)
    {
        Note("check");
        IReadOnlyList<QueueEntry> found = await store.ListAsync(QueueFilter.Everything, CancellationToken.None);
        string[] expected = [.. entries.Values.OrderBy(e => e.Snapshot.Envelope.ArrivalTime).ThenBy(e => e.Serial).Select(e => Describe(e.Snapshot, IsLeased(e, time)))];
        string[] actual = [.. found.Select(e => Describe(e, e.IsLeased))];
        if (!expected.SequenceEqual(actual, StringComparer.Ordinal)) Fail($"the list is\n{string.Join('\n', actual)}\nand should be\n{string.Join('\n', expected)}");
        foreach (ModelEntry entry in entries.Values)
        {
            byte[]? content = await store.ReadAsync(entry.Snapshot.Envelope.Id);
            if (content is null || !content.AsSpan().SequenceEqual(Messages.Content(entry.Snapshot.Envelope.Id.Value, (int)entry.Snapshot.ContentOctets))) Fail($"{entry.Snapshot.Envelope.Id}: content differs");
        }
    }

    /// <summary>Everything that can differ, in one line.</summary>
    public static string Describe(QueueEntry entry, bool leased) => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Envelope.Id} {entry.ContentOctets} due={entry.Due:HH:mm:ss} tries={entry.Attempts} held={entry.IsHeld} q={entry.Quarantine} leased={leased} {string.Join(',', entry.Recipients.Select(r => $"{r.Status}/{r.Enhanced}/{r.Message}"))}");

    private static bool IsLeased(ModelEntry entry, TimeProvider time) => entry.Token != 0 && entry.Until > time.GetUtcNow();

    private async Task PutAsync(IQueueStore store, TimeProvider time)
    {
        QueueId id = store.NewId();
        int octets = random.Next(4) switch { 0 => 0, 1 => random.Next(3000), 2 => random.Next(60_000, 70_000), _ => random.Next(200) };
        CommitOptions options = new(
            random.Next(3) == 0 ? time.GetUtcNow() + TimeSpan.FromSeconds(random.Next(100)) : null,
            random.Next(10) == 0 ? "odd" : null,
            random.Next(10) == 0);
        Note($"put {id} {octets} {options}");
        await store.PutAsync(NewEnvelope(id, time), Messages.Content(id.Value, octets), options);
        Add(id, octets, time, options);
    }

    private QueueEnvelope NewEnvelope(QueueId id, TimeProvider time) =>
        last = Messages.Envelope(id, time.GetUtcNow(), [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => $"r{i}@example.org")]);

    private void Add(QueueId id, int octets, TimeProvider time, CommitOptions? options)
    {
        if (entries.ContainsKey(id.Value)) Fail($"{id} was given twice");
        entries[id.Value] = new ModelEntry(++serial)
        {
            Snapshot = new QueueEntry
            {
                Envelope = last,
                ContentOctets = octets,
                Recipients = [.. last.Recipients.Select(_ => RecipientState.Pending)],
                Due = options?.Due ?? time.GetUtcNow(),
                Quarantine = options?.Quarantine,
                IsHeld = options?.Held ?? false,
            },
        };
    }

    private async Task TakeAsync(IQueueStore store, TimeProvider time)
    {
        int max = random.Next(1, 4);
        TimeSpan lease = TimeSpan.FromSeconds(random.Next(1, 60));
        QueueFilter? filter = random.Next(4) == 0 ? new QueueFilter { RecipientContains = "r1@" } : null;
        Note($"take {max} for {lease} {filter}");
        IReadOnlyList<QueueLease> taken = await store.TakeDueAsync(max, lease, filter, CancellationToken.None);
        ModelEntry[] free = [.. entries.Values
            .Where(e => !e.Snapshot.IsHeld && e.Snapshot.Quarantine is null && !IsLeased(e, time))
            .Where(e => filter is null ? e.Snapshot.Due <= time.GetUtcNow() : filter.Matches(e.Snapshot))
            .OrderBy(e => e.Snapshot.Due)];
        if (taken.Count != Math.Min(max, free.Length)) Fail($"{taken.Count} taken of {free.Length} that are free");
        for (int i = 0; i < taken.Count; i++)
        {
            QueueLease got = taken[i];
            if (!entries.TryGetValue(got.Receipt.Id.Value, out ModelEntry? entry) || !free.Contains(entry)) Fail($"{got.Receipt.Id} was taken and is not free");
            else if (entry.Snapshot.Due != free[i].Snapshot.Due) Fail($"{got.Receipt.Id} was taken out of order");
            else
            {
                if (receipts.Exists(r => r.Token == got.Receipt.Token)) Fail($"token {got.Receipt.Token} was given twice");
                entry.Token = got.Receipt.Token;
                entry.Until = time.GetUtcNow() + lease;
                receipts.Add(got.Receipt);
            }
        }
    }

    private async Task RecordAsync(IQueueStore store, TimeProvider time)
    {
        if (receipts.Count == 0) return;
        LeaseReceipt receipt = receipts[random.Next(receipts.Count)];
        bool good = entries.TryGetValue(receipt.Id.Value, out ModelEntry? entry) && entry.Token == receipt.Token;
        int recipients = entry?.Snapshot.Recipients.Length ?? 1;
        Dictionary<int, RecipientState> states = [];
        for (int i = 0; i < recipients; i++)
        {
            if (random.Next(3) > 0) states[i] = new RecipientState((RecipientStatus)random.Next(1, 4), new Mail.EnhancedStatusCode(4, 2, random.Next(9)), "said " + random.Next(100));
        }

        QueueOutcome outcome = new() { Recipients = states.ToImmutableDictionary(), Due = time.GetUtcNow() + TimeSpan.FromSeconds(random.Next(60)), AttemptedAt = time.GetUtcNow() };
        bool withSuccessor = random.Next(3) == 0;
        QueueId successor = store.NewId();
        await using IQueueDraft draft = store.BeginDraft();
        await draft.AppendInPiecesAsync(Messages.Content(successor.Value, 500));
        QueueSuccessor[] successors = withSuccessor ? [new QueueSuccessor(draft, NewEnvelope(successor, time))] : [];
        Note($"record {receipt} good={good} successor={(withSuccessor ? successor.Value : "none")}");
        try
        {
            await store.RecordAsync(receipt, outcome, successors, CancellationToken.None);
            if (!good) Fail($"{receipt} was lost and was accepted");
        }
        catch (LeaseLostException)
        {
            if (good) Fail($"{receipt} is good and was refused");
            return;
        }

        if (withSuccessor) Add(successor, 500, time, null);
        ImmutableArray<RecipientState> after = [.. entry!.Snapshot.Recipients.Select((r, i) => states.GetValueOrDefault(i, r))];
        if (after.All(r => r.IsFinal)) entries.Remove(receipt.Id.Value);
        entry.Token = 0;
        entry.Snapshot = entry.Snapshot with { Recipients = after, Due = outcome.Due, Attempts = entry.Snapshot.Attempts + 1, LastAttempt = outcome.AttemptedAt };
    }

    private async Task ExtendOrReleaseAsync(IQueueStore store, TimeProvider time)
    {
        if (receipts.Count == 0) return;
        LeaseReceipt receipt = receipts[random.Next(receipts.Count)];
        bool good = entries.TryGetValue(receipt.Id.Value, out ModelEntry? entry) && entry.Token == receipt.Token;
        int what = random.Next(3);
        DateTimeOffset due = time.GetUtcNow() + TimeSpan.FromSeconds(7);
        Note($"extend or release ({what}) {receipt} good={good}");
        try
        {
            if (what == 0) await store.ExtendAsync(receipt, TimeSpan.FromSeconds(30), CancellationToken.None);
            else await store.ReleaseAsync(receipt, what == 1 ? null : due, CancellationToken.None);
            if (!good) Fail($"{receipt} was lost and was accepted");
        }
        catch (LeaseLostException)
        {
            if (good) Fail($"{receipt} is good and was refused");
            return;
        }

        if (what == 0) entry!.Until = time.GetUtcNow() + TimeSpan.FromSeconds(30);
        else entry!.Token = 0;
        if (what == 2) entry.Snapshot = entry.Snapshot with { Due = due };
    }

    private async Task HoldAsync(IQueueStore store)
    {
        (QueueId id, ModelEntry? entry) = Any(store);
        bool on = random.Next(2) == 0;
        Note($"hold or quarantine {id} {on}");
        bool quarantine = random.Next(2) == 0;
        bool done = quarantine
            ? await store.SetQuarantineAsync(id, on ? "why" : null, CancellationToken.None)
            : await store.SetHeldAsync(id, on, CancellationToken.None);
        if (done != entry is not null) Fail($"{id}: said {done}");
        if (entry is null) return;
        entry.Snapshot = quarantine ? entry.Snapshot with { Quarantine = on ? "why" : null } : entry.Snapshot with { IsHeld = on };
    }

    private async Task DeleteAsync(IQueueStore store, TimeProvider time)
    {
        (QueueId id, ModelEntry? entry) = Any(store);
        Note($"delete {id}");
        bool expected = entry is not null && !IsLeased(entry, time);
        if (await store.DeleteAsync(id, CancellationToken.None) != expected) Fail($"{id}: deleted is not {expected}");
        if (expected) entries.Remove(id.Value);
    }

    private (QueueId Id, ModelEntry? Entry) Any(IQueueStore store)
    {
        if (entries.Count == 0 || random.Next(10) == 0) return (store.NewId(), null);
        ModelEntry entry = entries.Values.ElementAt(random.Next(entries.Count));
        return (entry.Snapshot.Envelope.Id, entry);
    }

    private void Note(string what) => journal.AppendLine(what);

    private void Fail(string what) => throw new XunitException($"seed {seed}: {what}\nafter\n{journal}");

    private sealed class ModelEntry(int serial)
    {
        public int Serial { get; } = serial;

        public required QueueEntry Snapshot { get; set; }

        public ulong Token { get; set; }

        public DateTimeOffset Until { get; set; }
    }
}
