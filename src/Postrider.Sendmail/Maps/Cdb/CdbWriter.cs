using System.Buffers.Binary;

namespace Postrider.Sendmail.Maps.Cdb;

/// <summary>Makes the octets of a constant database. Putting them in place in one step is the caller's.</summary>
public static class CdbWriter
{
    /// <param name="entries">In the order in which they shall be listed; of several values of one key the first is the one that look-ups find.</param>
    /// <exception cref="MapFileException">It would be larger than 2 GB.</exception>
    public static byte[] Write(IReadOnlyCollection<KeyValuePair<byte[], byte[]>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        // :: Step 1: how large everything is. A table has two slots for each of its keys.
        long size = CdbHash.HeadLength;
        uint[] counts = new uint[CdbHash.Tables];
        foreach ((byte[] key, byte[] value) in entries)
        {
            size += 8L + key.Length + value.Length + 16;
            counts[CdbHash.Of(key) % CdbHash.Tables]++;
        }
        if (size > Array.MaxLength) { throw new MapFileException($"a map of {size} octets is too large"); }
        byte[] octets = new byte[size];
        long at = size - (16L * entries.Count);
        long[] tables = new long[CdbHash.Tables];
        for (int i = 0; i < CdbHash.Tables; i++)
        {
            tables[i] = at;
            Put(octets, i * 8, (uint)at);
            Put(octets, (i * 8) + 4, 2 * counts[i]);
            at += 16L * counts[i];
        }

        // :: Step 2: records behind the head, each with its slot.
        int record = CdbHash.HeadLength;
        foreach ((byte[] key, byte[] value) in entries)
        {
            Put(octets, record, (uint)key.Length);
            Put(octets, record + 4, (uint)value.Length);
            key.CopyTo(octets, record + 8);
            value.CopyTo(octets, record + 8 + key.Length);
            uint hash = CdbHash.Of(key);
            uint table = hash % CdbHash.Tables;
            uint slots = 2 * counts[table];
            uint slot = (hash / CdbHash.Tables) % slots;
            while (Get(octets, Slot(slot) + 4) != 0) { slot = (slot + 1) % slots; }
            Put(octets, Slot(slot), hash);
            Put(octets, Slot(slot) + 4, (uint)record);
            record += 8 + key.Length + value.Length;

            int Slot(uint number) => (int)(tables[table] + (8L * number));
        }
        return octets;
    }

    private static void Put(byte[] octets, int at, uint word) => BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(at), word);

    private static uint Get(byte[] octets, int at) => BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at));
}
