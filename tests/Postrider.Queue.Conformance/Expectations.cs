using Xunit.Sdk;

namespace Postrider.Queue.Conformance;

/// <summary>What may be found of each message after the worst: what returned must hold, what was under way may have happened or not.</summary>
internal sealed class Expectations
{
    /// <summary>Stands for: not there.</summary>
    private const string Absent = "absent";

    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<string>> possible = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> octets = new(StringComparer.Ordinal);

    /// <summary>Ids under which something was once said to be done.</summary>
    public IEnumerable<string> UsedIds
    {
        get { lock (gate) return [.. used]; }
    }

    public int Certain
    {
        get { lock (gate) return possible.Values.Count(p => p.Count == 1 && !p.Contains(Absent)); }
    }

    /// <summary>Does something that changes an entry, or fails. A failure that was told leaves the entry as it was, unless nobody can know.</summary>
    public async Task DoAsync(QueueId id, int size, QueueEntry? before, QueueEntry? after, Func<Task> action, Func<bool> isUncertain)
    {
        string then = after is null ? Absent : QueueModel.Describe(after, leased: false);
        lock (gate)
        {
            octets[id.Value] = size;
            if (!possible.TryGetValue(id.Value, out HashSet<string>? now)) possible[id.Value] = now = [before is null ? Absent : QueueModel.Describe(before, leased: false)];
            now.Add(then);
        }

        try
        {
            await action();
            lock (gate)
            {
                possible[id.Value] = [then];
                used.Add(id.Value);
            }
        }
        catch (QueueStoreUnavailableException)
        {
            lock (gate)
            {
                if (!isUncertain()) possible[id.Value] = [before is null ? Absent : QueueModel.Describe(before, leased: false)];
            }

            throw;
        }
    }

    public async Task CheckAsync(IQueueStore store, string when)
    {
        Dictionary<string, QueueEntry> found = (await store.ListAsync(QueueFilter.Everything, CancellationToken.None)).ToDictionary(e => e.Envelope.Id.Value, StringComparer.Ordinal);
        foreach ((string id, HashSet<string> states) in possible)
        {
            string actual = found.Remove(id, out QueueEntry? entry) ? QueueModel.Describe(entry, leased: false) : Absent;
            if (!states.Contains(actual)) throw new XunitException($"{when}: {id} is\n  {actual}\nand may be\n  {string.Join("\n  ", states)}");
            if (entry is null) continue;
            byte[]? content = await store.ReadAsync(entry.Envelope.Id);
            if (content is null || !content.AsSpan().SequenceEqual(Messages.Content(id, octets[id]))) throw new XunitException($"{when}: {id}: the content is not what was committed");

            // From now on what was found is what must be found again.
            possible[id] = [actual];
        }

        foreach (string id in possible.Keys.Where(id => !found.ContainsKey(id) && possible[id].Count > 1).ToArray()) possible[id] = [Absent];
        if (found.Count > 0) throw new XunitException($"{when}: {found.Keys.First()} is there and was never committed");
    }
}
