using System.Buffers.Binary;
using System.Text;

namespace Postrider.Queue.Journal;

/// <summary>Reads what <see cref="RecordWriter"/> wrote. Running past the end is an <see cref="InvalidDataException"/>.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> rest = octets;

    public readonly bool IsAtEnd => rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public int Number()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte octet = Byte();
            value |= (uint)(octet & 0x7f) << shift;
            if (octet < 0x80) return (int)value;
        }

        throw new InvalidDataException("a number in a record has no end");
    }

    public string? Text()
    {
        int length = Number();
        return length == 0 ? null : Encoding.UTF8.GetString(Take(length - 1));
    }

    public DateTimeOffset Time()
    {
        long ticks = Int64();
        short minutes = BinaryPrimitives.ReadInt16LittleEndian(Take(2));
        return new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(minutes));
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > rest.Length) throw new InvalidDataException("a record ends before its content does");
        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
