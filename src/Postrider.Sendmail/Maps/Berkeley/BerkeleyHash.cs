using System.Numerics;

namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>A hash: linear hashing, a chain of pages for each bucket.</summary>
internal sealed class BerkeleyHash : BerkeleyDatabase
{
    // Kinds of items.
    private const byte Plain = 1;
    private const byte Duplicates = 2;
    private const byte OffPage = 3;
    private const byte OffPageDuplicates = 4;

    private readonly BerkeleyDuplicates duplicates;

    public BerkeleyHash(BerkeleyPages pages)
        : base(pages)
    {
        duplicates = new BerkeleyDuplicates(pages);
        if (pages.Meta.HashOfSample != Hash("%$sniglet^&\0"u8)) { throw new MapFileException($"{pages.Path}: made with a hash function of its program's own"); }
        if (pages.Meta.MaxBucket > pages.Meta.LastPage) { throw pages.Damaged($"{pages.Meta.MaxBucket} buckets on {pages.Meta.LastPage} pages"); }
    }

    /// <summary>The function that Berkeley DB has had since version 3: Fowler, Noll and Vo's, begun at 0.</summary>
    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        uint hash = 0;
        foreach (byte octet in key) { hash = unchecked(hash * 16777619) ^ octet; }
        return hash;
    }

    private protected override byte[]? Find(ReadOnlySpan<byte> key, PageBudget budget)
    {
        uint bucket = Hash(key) & Pages.Meta.HighMask;
        if (bucket > Pages.Meta.MaxBucket) { bucket &= Pages.Meta.LowMask; }
        if (bucket > Pages.Meta.MaxBucket) { throw Pages.Damaged("its masks do not fit its buckets"); }
        for (uint number = PageOf(bucket); number != 0;)
        {
            BerkeleyPage page = ReadBucket(number, budget);
            for (int i = 0; i + 1 < page.Count; i += 2)
            {
                if (IsKey(page, i, key, budget)) { return FirstValue(page, i + 1, budget); }
            }
            number = page.Next;
        }
        return null;
    }

    private protected override IEnumerable<KeyValuePair<byte[], byte[]>> Walk(PageBudget budget)
    {
        for (uint bucket = 0; bucket <= Pages.Meta.MaxBucket; bucket++)
        {
            for (uint number = PageOf(bucket); number != 0;)
            {
                BerkeleyPage page = ReadBucket(number, budget);
                for (int i = 0; i + 1 < page.Count; i += 2)
                {
                    byte[] key = ReadPlain(page, i, budget);
                    foreach (byte[] value in Values(page, i + 1, budget)) { yield return new(key, value); }
                }
                number = page.Next;
            }
        }
    }

    private uint PageOf(uint bucket) => unchecked(bucket + Pages.Meta.Spares[bucket == 0 ? 0 : BitOperations.Log2(bucket) + 1]);

    private BerkeleyPage ReadBucket(uint number, PageBudget budget)
    {
        BerkeleyPage page = Pages.Read(number, budget, mayBeBlank: true);
        if (page.Type is not (PageType.Hash or PageType.HashUnsorted or PageType.Blank)) { throw Pages.Damaged($"page {number} is no page of a hash"); }
        if ((page.Count & 1) != 0) { throw Pages.Damaged($"page {number} has a key without a value"); }
        return page;
    }

    private bool IsKey(BerkeleyPage page, int index, ReadOnlySpan<byte> key, PageBudget budget)
    {
        ReadOnlySpan<byte> item = page.HashItem(index);
        if (item.IsEmpty) { throw Pages.Damaged("an empty item"); }
        if (item[0] == Plain) { return item[1..].SequenceEqual(key); }
        // A long key is fetched only if it can be this one.
        return item[0] == OffPage && item.Length >= 12 && page.Word(item[8..]) == key.Length && ReadPlain(page, index, budget).AsSpan().SequenceEqual(key);
    }

    private byte[] ReadPlain(BerkeleyPage page, int index, PageBudget budget)
    {
        ReadOnlySpan<byte> item = page.HashItem(index);
        if (item.Length >= 1 && item[0] == Plain) { return item[1..].ToArray(); }
        if (item.Length >= 12 && item[0] == OffPage) { return Pages.ReadLong(page.Word(item[4..]), page.Word(item[8..]), budget); }
        throw Pages.Damaged($"item {index} of page {page.Number} is of no kind that is read here");
    }

    private byte[] FirstValue(BerkeleyPage page, int index, PageBudget budget)
    {
        foreach (byte[] value in Values(page, index, budget)) { return value; }
        throw Pages.Damaged($"item {index} of page {page.Number} is empty");
    }

    private IEnumerable<byte[]> Values(BerkeleyPage page, int index, PageBudget budget)
    {
        byte[] item = page.HashItem(index).ToArray();
        switch (item.Length > 0 ? item[0] : 0)
        {
            case Duplicates:
                // Each with its length before it and again behind it.
                for (int at = 1; at < item.Length;)
                {
                    int length = page.Half(item.AsSpan(at));
                    if (at + 4 + length > item.Length) { throw Pages.Damaged($"item {index} of page {page.Number} is too short"); }
                    yield return item[(at + 2)..(at + 2 + length)];
                    at += length + 4;
                }
                break;
            case OffPageDuplicates when item.Length >= 8:
                foreach (byte[] value in duplicates.Read(page.Word(item.AsSpan(4)), budget)) { yield return value; }
                break;
            default:
                yield return ReadPlain(page, index, budget);
                break;
        }
    }
}
