using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Postrider.Benchmarks;
using Postrider.Mail;
using Postrider.Queue;
using Postrider.Queue.Journal;

// Addresses through rulesets per second: postrider-benchmarks rewriting CF LINES
if (args is ["rewriting", var cf, var lines]) return await RewritingBenchmark.RunAsync(cf, lines);

// Durable puts per second into the journal, by number of writers: postrider-benchmarks [directory] [octets] [seconds]
string directory = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "postrider-bench");
int octets = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4096;
double seconds = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 5;
bool drain = args.Length > 3 && string.Equals(args[3], "drain", StringComparison.Ordinal);
byte[] content = new byte[octets];
Random.Shared.NextBytes(content);

foreach (int writers in (int[])[1, 16, 64, 256])
{
    if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
    JournalQueueStore store = await JournalQueueStore.OpenAsync(directory, null, TimeProvider.System);
    await using (store.ConfigureAwait(false))
    {
        long puts = 0;
        long begun = GC.GetTotalAllocatedBytes();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                await PutAsync(store, content);
                Interlocked.Increment(ref puts);
                if (drain) await TakeAsync(store);
            }
        })));
        double took = watch.Elapsed.TotalSeconds;
        double used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        long written = new DirectoryInfo(directory).EnumerateFiles("segment-*").Sum(f => f.Length);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{writers,4} writers: {puts / took,9:N0} puts/s  {used / puts * 1e6,6:N1} us cpu/put  {(GC.GetTotalAllocatedBytes() - begun) / (double)puts,7:N0} octets allocated/put  on disk {written / (double)(puts * octets):N3} of content"));
    }

    Stopwatch opening = Stopwatch.StartNew();
    JournalQueueStore again = await JournalQueueStore.OpenAsync(directory, null, TimeProvider.System);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"              opened again with {again.Recovery.Entries:N0} entries in {opening.Elapsed.TotalMilliseconds:N0} ms"));
    await again.DisposeAsync();
}

Directory.Delete(directory, recursive: true);
return 0;

static async Task PutAsync(JournalQueueStore store, byte[] content)
{
    IQueueDraft draft = store.BeginDraft();
    await using (draft.ConfigureAwait(false))
    {
        await draft.AppendAsync(content, CancellationToken.None);
        await draft.CommitAsync(
            new QueueEnvelope
            {
                Id = store.NewId(),
                ArrivalTime = TimeProvider.System.GetUtcNow(),
                ReversePath = ReversePath.Of("alice@example.net"),
                Recipients = [new QueueRecipient(ForwardPath.Of("bob@example.org"))],
            },
            null,
            CancellationToken.None);
    }
}

static async Task TakeAsync(JournalQueueStore store)
{
    foreach (QueueLease lease in await store.TakeDueAsync(1, TimeSpan.FromMinutes(1), null, CancellationToken.None))
    {
        Stream? stream = await store.OpenContentAsync(lease.Receipt.Id, CancellationToken.None);
        if (stream is not null)
        {
            await stream.CopyToAsync(Stream.Null);
            await stream.DisposeAsync();
        }

        QueueOutcome outcome = new() { Recipients = ImmutableDictionary<int, RecipientState>.Empty.Add(0, new RecipientState(RecipientStatus.Done)), Due = lease.Entry.Due };
        await store.RecordAsync(lease.Receipt, outcome, [], CancellationToken.None);
    }
}
