namespace Postrider.Mta.Dns;

/// <summary>Answers as long as they live, the least recently used leaving first when there are too many. Thread-safe.</summary>
internal sealed class DnsCache(int capacity, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string, DnsRecordType), LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = new();

    public int Count { get { lock (gate) return entries.Count; } }

    public DnsAnswer? Find(string name, DnsRecordType type)
    {
        lock (gate)
        {
            if (!entries.TryGetValue((name, type), out LinkedListNode<Entry>? node)) return null;
            byUse.Remove(node);
            if (time.GetUtcNow() >= node.Value.Until)
            {
                entries.Remove((name, type));
                return null;
            }

            byUse.AddFirst(node);
            return node.Value.Answer;
        }
    }

    public void Keep(string name, DnsRecordType type, DnsAnswer answer, TimeSpan lifetime)
    {
        if (lifetime <= TimeSpan.Zero || capacity <= 0) return;
        lock (gate)
        {
            if (entries.Remove((name, type), out LinkedListNode<Entry>? old)) byUse.Remove(old);
            entries.Add((name, type), byUse.AddFirst(new Entry((name, type), answer, time.GetUtcNow() + lifetime)));
            if (entries.Count <= capacity) return;
            entries.Remove(byUse.Last!.Value.Key);
            byUse.RemoveLast();
        }
    }

    private sealed record Entry((string, DnsRecordType) Key, DnsAnswer Answer, DateTimeOffset Until);
}
