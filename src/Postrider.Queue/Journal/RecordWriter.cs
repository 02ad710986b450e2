using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Postrider.Queue.Journal;

/// <summary>Builds records in one pooled buffer that grows. Not thread-safe; give the buffer back with <see cref="Return"/>.</summary>
internal sealed class RecordWriter
{
    private byte[] buffer;

    public RecordWriter(int initial = 1024) => buffer = ArrayPool<byte>.Shared.Rent(initial);

    /// <summary>Octets so far.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, Length);

    /// <summary>Leaves room for a head; the payload is what is written from here to <see cref="EndRecord"/>.</summary>
    public int BeginRecord()
    {
        int start = Length;
        Take(RecordHeader.Octets);
        return start;
    }

    public void EndRecord(int start, ulong mark, RecordType type, ulong serial, uint index)
    {
        int payload = Length - start - RecordHeader.Octets;
        if (payload > RecordHeader.MaxPayload) throw new ArgumentException($"a record of {payload} octets is more than a journal takes", nameof(start));
        Take(RecordHeader.OnDisk(payload) - RecordHeader.Octets - payload);
        RecordHeader.Seal(buffer, start, payload, mark, type, serial, index);
    }

    /// <summary>Begins a part of a transaction: kind and length.</summary>
    public int BeginPart(PartKind kind)
    {
        Byte((byte)kind);
        int start = Length;
        Take(4);
        return start;
    }

    /// <returns>Octets of the part's body.</returns>
    public int EndPart(int start)
    {
        int length = Length - start - 4;
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(start), (uint)length);
        return length;
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>Seven bits an octet, least first.</summary>
    public void Number(int value)
    {
        uint rest = (uint)value;
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    /// <summary>Null is 0; otherwise the length plus one, and UTF-8.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }

        int octets = Encoding.UTF8.GetByteCount(value);
        Number(octets + 1);
        Encoding.UTF8.GetBytes(value, Take(octets));
    }

    /// <summary>The instant and the offset it was said in.</summary>
    public void Time(DateTimeOffset value)
    {
        Int64(value.UtcTicks);
        BinaryPrimitives.WriteInt16LittleEndian(Take(2), (short)value.TotalOffsetMinutes);
    }

    public void Octets(ReadOnlySpan<byte> octets) => octets.CopyTo(Take(octets.Length));

    /// <summary>Room for the caller to fill.</summary>
    public Span<byte> Take(int octets)
    {
        if (Length + octets > buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + octets, buffer.Length * 2));
            buffer.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        Span<byte> room = buffer.AsSpan(Length, octets);
        Length += octets;
        return room;
    }

    public void Shrink(int length) => Length = length;

    public void Return()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        Length = 0;
    }
}
