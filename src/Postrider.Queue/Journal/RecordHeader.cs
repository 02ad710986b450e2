using System.Buffers.Binary;

namespace Postrider.Queue.Journal;

/// <summary>
/// The head of every record, 32 octets, little-endian: CRC-32C of all that follows (4), payload length (4), the journal's mark (8), serial (8), index (4), type (1),
/// version (1), zero (2). The payload follows, and zeros up to a multiple of 8. A record does not know its place: a survivor is copied octet by octet.
/// </summary>
/// <remarks>The mark is random, chosen when the journal is born, and never leaves the directory: content that was made to look like records cannot pass for one
/// when the reader searches for the next record behind a damaged place.</remarks>
internal readonly record struct RecordHeader(uint Length, ulong Mark, ulong Serial, uint Index, RecordType Type, byte Version)
{
    public const int Octets = 32;
    public const byte CurrentVersion = 1;
    public const int MaxPayload = 64 << 20;

    /// <summary>On disk, with head and padding.</summary>
    public int RecordOctets => OnDisk((int)Length);

    public static int OnDisk(int payload) => (Octets + payload + 7) & ~7;

    /// <summary>Fills in head, padding and CRC of a record whose payload already stands at offset 32.</summary>
    /// <returns>The record, ready to be written.</returns>
    public static ReadOnlyMemory<byte> Seal(byte[] buffer, int start, int payload, ulong mark, RecordType type, ulong serial, uint index)
    {
        int size = OnDisk(payload);
        Span<byte> record = buffer.AsSpan(start, size);
        record[(Octets + payload)..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)payload);
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], mark);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], serial);
        BinaryPrimitives.WriteUInt32LittleEndian(record[24..], index);
        record[28] = (byte)type;
        record[29] = CurrentVersion;
        record[30] = 0;
        record[31] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(record, Crc32C.Of(record[4..(Octets + payload)]));
        return buffer.AsMemory(start, size);
    }

    /// <summary>Reads a head; says nothing about the CRC yet.</summary>
    /// <param name="mark">Null: any.</param>
    public static bool TryRead(ReadOnlySpan<byte> octets, ulong? mark, out RecordHeader header)
    {
        header = default;
        if (octets.Length < Octets) return false;
        ulong found = BinaryPrimitives.ReadUInt64LittleEndian(octets[8..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(octets[4..]);
        if ((mark is { } expected && found != expected) || length > MaxPayload || octets[28] is 0 or > (byte)RecordType.CheckpointEnd) return false;
        header = new RecordHeader(
            length,
            found,
            BinaryPrimitives.ReadUInt64LittleEndian(octets[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(octets[24..]),
            (RecordType)octets[28],
            octets[29]);
        return true;
    }

    /// <param name="record">Head and payload, with or without padding.</param>
    public bool CrcHolds(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record) == Crc32C.Of(record[4..(Octets + (int)Length)]);
}
