using System.Buffers.Binary;
using System.Numerics;

namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>The first page of a Berkeley DB file. The offsets are those of the file format, the same in all versions read here.</summary>
internal sealed class BerkeleyMeta
{
    /// <summary>Octets of the first page that are looked at.</summary>
    public const int Length = 512;

    private const uint HashMagic = 0x061561;
    private const uint TreeMagic = 0x053162;
    private const int SpareCount = 32;
    private const byte WithChecksums = 1;
    private const uint HashWithSubdatabases = 0x02;
    private const uint TreeWithSubdatabases = 0x20;

    private BerkeleyMeta(ReadOnlySpan<byte> page, bool isSwapped, string file)
    {
        IsSwapped = isSwapped;
        uint magic = Word(page, 12);
        IsHash = magic == HashMagic;
        uint version = Word(page, 16);
        if (IsHash ? version is < 8 or > 10 : version is < 9 or > 10) { throw new MapFileException($"{file}: Berkeley DB {(IsHash ? "hash" : "btree")} version {version} is not read here"); }
        uint size = Word(page, 20);
        if (size is < 512 or > 65536 || !BitOperations.IsPow2(size)) { throw new MapFileException($"{file}: damaged: page size {size}"); }
        PageSize = (int)size;
        if (page[24] != 0) { throw new MapFileException($"{file}: encrypted"); }
        byte features = page[26];
        if ((features & ~WithChecksums) != 0 || Word(page, 36) != 0) { throw new MapFileException($"{file}: partitioned"); }
        // Behind the header of 26 octets a page with a checksum has 6 more.
        HeaderLength = (features & WithChecksums) != 0 ? 32 : 26;
        LastPage = Word(page, 32);
        if ((Word(page, 48) & (IsHash ? HashWithSubdatabases : TreeWithSubdatabases)) != 0) { throw new MapFileException($"{file}: holds several databases"); }
        if (IsHash)
        {
            MaxBucket = Word(page, 72);
            HighMask = Word(page, 76);
            LowMask = Word(page, 80);
            HashOfSample = Word(page, 92);
            uint[] spares = new uint[SpareCount];
            for (int i = 0; i < SpareCount; i++) { spares[i] = Word(page, 96 + (4 * i)); }
            Spares = spares;
        }
        else { Root = Word(page, 88); }
    }

    public bool IsHash { get; }

    public bool IsSwapped { get; }

    public int PageSize { get; }

    public int HeaderLength { get; }

    public uint LastPage { get; }

    /// <summary>Of a hash: the highest bucket there is.</summary>
    public uint MaxBucket { get; }

    public uint HighMask { get; }

    public uint LowMask { get; }

    /// <summary>Of a hash: what its function made of a text that is always the same.</summary>
    public uint HashOfSample { get; }

    /// <summary>Of a hash: what is added to a bucket's number to have its page, for each doubling.</summary>
    public IReadOnlyList<uint> Spares { get; } = [];

    /// <summary>Of a btree: its root.</summary>
    public uint Root { get; }

    /// <summary>Whether the octets are swapped against little-endian; null if this is no such file.</summary>
    public static bool? MagicOf(ReadOnlySpan<byte> head)
    {
        if (head.Length < 72) { return null; }
        return BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) is HashMagic or TreeMagic ? false
            : BinaryPrimitives.ReadUInt32BigEndian(head[12..]) is HashMagic or TreeMagic ? true
            : null;
    }

    /// <exception cref="MapFileException">It is none that is read here.</exception>
    public static BerkeleyMeta Read(ReadOnlySpan<byte> page, string file)
    {
        if (page.Length < Length || MagicOf(page) is not { } swapped) { throw new MapFileException($"{file}: not a Berkeley DB file"); }
        return new BerkeleyMeta(page, swapped, file);
    }

    private uint Word(ReadOnlySpan<byte> page, int at) => IsSwapped ? BinaryPrimitives.ReadUInt32BigEndian(page[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(page[at..]);
}
