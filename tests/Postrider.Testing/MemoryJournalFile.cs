namespace Postrider.Testing;

/// <summary>A file of a <see cref="MemoryJournalDisk"/>: what a reader sees, what is on the platter, and what lies between.</summary>
internal sealed class MemoryJournalFile
{
    private const int Sector = 512;

    private readonly List<(long Offset, byte[] Octets)> unsynced = [];
    private byte[] cache = [];
    private byte[] durable = [];

    public long CachedLength { get; private set; }

    public long DurableLength { get; private set; }

    public void Write(ReadOnlySpan<byte> octets, long offset)
    {
        Put(ref cache, octets, offset);
        CachedLength = Math.Max(CachedLength, offset + octets.Length);
        unsynced.Add((offset, octets.ToArray()));
    }

    public int Read(Span<byte> buffer, long offset)
    {
        if (offset >= CachedLength) return 0;
        int count = (int)Math.Min(buffer.Length, CachedLength - offset);
        cache.AsSpan((int)offset, count).CopyTo(buffer);
        return count;
    }

    public void Sync()
    {
        if (DurableLength > CachedLength)
        {
            durable.AsSpan((int)CachedLength).Clear();
            DurableLength = CachedLength;
        }

        foreach ((long offset, byte[] octets) in unsynced)
        {
            if (offset >= CachedLength) continue;
            int count = (int)Math.Min(octets.Length, CachedLength - offset);
            Put(ref durable, octets.AsSpan(0, count), offset);
            DurableLength = Math.Max(DurableLength, offset + count);
        }

        unsynced.Clear();
    }

    public void ForgetUnsynced() => unsynced.Clear();

    /// <summary>The new length is on the platter only after the next sync.</summary>
    public void Truncate(long length)
    {
        if (length < CachedLength) cache.AsSpan((int)length).Clear();
        CachedLength = length;
    }

    public void Corrupt(long offset, int octets)
    {
        for (int i = 0; i < octets; i++)
        {
            cache[offset + i] ^= 0x5a;
            if (offset + i < DurableLength) durable[offset + i] ^= 0x5a;
        }
    }

    public MemoryJournalFile Clone()
    {
        MemoryJournalFile clone = new();
        Put(ref clone.cache, cache.AsSpan(0, (int)CachedLength), 0);
        Put(ref clone.durable, cache.AsSpan(0, (int)CachedLength), 0);
        clone.CachedLength = clone.DurableLength = CachedLength;
        return clone;
    }

    public MemoryJournalFile AfterCrash(Random random)
    {
        MemoryJournalFile after = new();
        Put(ref after.durable, durable.AsSpan(0, (int)DurableLength), 0);
        long length = DurableLength;
        int fate = random.Next(4);
        foreach ((long offset, byte[] octets) in unsynced)
        {
            int mode = fate switch { 0 => 0, 1 => 1, _ => random.Next(4) };
            switch (mode)
            {
                case 0:
                    break;
                case 1:
                    Put(ref after.durable, octets, offset);
                    length = Math.Max(length, offset + octets.Length);
                    break;
                case 2:
                    int cut = random.Next(octets.Length + 1);
                    Put(ref after.durable, octets.AsSpan(0, cut), offset);
                    length = Math.Max(length, offset + cut);
                    break;
                default:
                    for (int at = 0; at < octets.Length;)
                    {
                        int count = (int)Math.Min(Sector - ((offset + at) % Sector), octets.Length - at);
                        if (random.Next(2) == 0)
                        {
                            Put(ref after.durable, octets.AsSpan(at, count), offset + at);
                            length = Math.Max(length, offset + at + count);
                        }

                        at += count;
                    }

                    break;
            }
        }

        after.DurableLength = after.CachedLength = length;
        after.cache = (byte[])after.durable.Clone();
        return after;
    }

    private static void Put(ref byte[] into, ReadOnlySpan<byte> octets, long offset)
    {
        long needed = offset + octets.Length;
        if (needed > into.Length) Array.Resize(ref into, (int)Math.Max(needed, into.Length * 2L));
        octets.CopyTo(into.AsSpan((int)offset));
    }
}
