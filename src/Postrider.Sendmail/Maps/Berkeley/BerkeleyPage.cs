using System.Buffers.Binary;

namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>One page: a head, a table of where its items begin, and the items from the end upwards. Every access is checked.</summary>
internal sealed class BerkeleyPage(byte[] octets, BerkeleyPages pages)
{
    public uint Number => Word(8);

    /// <summary>The page that goes on with this one; 0 for none.</summary>
    public uint Next => Word(16);

    public int Count => Half(20);

    public PageType Type => (PageType)octets[25];

    /// <summary>What an overflow page holds of its item.</summary>
    public ReadOnlySpan<byte> OverflowPart => At(pages.Meta.HeaderLength, Half(22));

    /// <summary>Where an item begins.</summary>
    public int Begin(int index)
    {
        if ((uint)index >= (uint)Count) { throw pages.Damaged($"page {Number} has no item {index}"); }
        int entry = pages.Meta.HeaderLength + (2 * index);
        if (entry + 2 > octets.Length) { throw pages.Damaged($"page {Number} has {Count} items"); }
        int begin = Half(entry);
        if (begin < pages.Meta.HeaderLength || begin >= octets.Length) { throw pages.Damaged($"item {index} of page {Number} begins at {begin}"); }
        return begin;
    }

    /// <summary>Of a hash page: an item reaches to where the one before it begins.</summary>
    public ReadOnlySpan<byte> HashItem(int index)
    {
        int end = index == 0 ? octets.Length : Begin(index - 1);
        int begin = Begin(index);
        return At(begin, end - begin);
    }

    /// <summary>A part of the page.</summary>
    public ReadOnlySpan<byte> At(int begin, int length)
    {
        if (begin < 0 || length < 0 || begin + length > octets.Length) { throw pages.Damaged($"page {Number}: {length} octets at {begin}"); }
        return octets.AsSpan(begin, length);
    }

    public int Half(int at) => Half(At(at, 2));

    public uint Word(int at) => Word(At(at, 4));

    public int Half(ReadOnlySpan<byte> from)
    {
        if (from.Length < 2) { throw pages.Damaged($"page {Number}: an item is too short"); }
        return pages.Meta.IsSwapped ? BinaryPrimitives.ReadUInt16BigEndian(from) : BinaryPrimitives.ReadUInt16LittleEndian(from);
    }

    public uint Word(ReadOnlySpan<byte> from)
    {
        if (from.Length < 4) { throw pages.Damaged($"page {Number}: an item is too short"); }
        return pages.Meta.IsSwapped ? BinaryPrimitives.ReadUInt32BigEndian(from) : BinaryPrimitives.ReadUInt32LittleEndian(from);
    }
}
