namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>A btree in the order of octets.</summary>
internal sealed class BerkeleyTree(BerkeleyPages pages) : BerkeleyDatabase(pages)
{
    private const int MaxDepth = 32;

    private readonly BerkeleyDuplicates duplicates = new(pages);

    private protected override byte[]? Find(ReadOnlySpan<byte> key, PageBudget budget)
    {
        // :: Step 1: down to the leftmost leaf that may hold the key.
        BerkeleyPage page = Pages.Read(Pages.Meta.Root, budget);
        for (int depth = 0; page.Type == PageType.TreeInternal; depth++)
        {
            if (depth == MaxDepth) { throw Pages.Damaged("a tree that is too deep"); }
            page = Pages.Read(Child(page, key, budget), budget);
        }

        // :: Step 2: the first key that is not smaller. It may stand on a later leaf: what was before it there may have been deleted.
        while (true)
        {
            CheckLeaf(page);
            for (int low = LowerBound(page, key, budget); low < page.Count; low += 2)
            {
                if (Compare(new BerkeleyItem(page, low), key, budget) != 0) { return null; }
                var value = new BerkeleyItem(page, low + 1);
                if (value.IsDeleted) { continue; }
                foreach (byte[] first in Values(value, budget)) { return first; }
            }
            if (page.Next == 0) { return null; }
            page = Pages.Read(page.Next, budget);
        }
    }

    private protected override IEnumerable<KeyValuePair<byte[], byte[]>> Walk(PageBudget budget)
    {
        BerkeleyPage page = Pages.Read(Pages.Meta.Root, budget);
        for (int depth = 0; page.Type == PageType.TreeInternal; depth++)
        {
            if (depth == MaxDepth) { throw Pages.Damaged("a tree that is too deep"); }
            page = Pages.Read(page.Word(page.Begin(0) + 4), budget);
        }
        while (true)
        {
            CheckLeaf(page);
            for (int i = 0; i + 1 < page.Count; i += 2)
            {
                var value = new BerkeleyItem(page, i + 1);
                if (value.IsDeleted) { continue; }
                byte[] key = duplicates.ReadPlain(new BerkeleyItem(page, i), budget);
                foreach (byte[] one in Values(value, budget)) { yield return new(key, one); }
            }
            if (page.Next == 0) { break; }
            page = Pages.Read(page.Next, budget);
        }
    }

    private void CheckLeaf(BerkeleyPage page)
    {
        if (page.Type != PageType.TreeLeaf || (page.Count & 1) != 0) { throw Pages.Damaged($"page {page.Number} is no leaf of a btree"); }
    }

    /// <summary>The child in which the first of equal keys would stand: that of the last separator smaller than the key. The first separator is smaller than everything.</summary>
    private uint Child(BerkeleyPage page, ReadOnlySpan<byte> key, PageBudget budget)
    {
        int low = 0;
        int high = page.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (CompareSeparator(page, middle, key, budget) < 0) { low = middle; }
            else { high = middle - 1; }
        }
        return page.Word(page.Begin(low) + 4);
    }

    private int CompareSeparator(BerkeleyPage page, int index, ReadOnlySpan<byte> key, PageBudget budget)
    {
        // Length, kind, a hole, page, count of records, octets.
        int begin = page.Begin(index);
        ReadOnlySpan<byte> octets = page.At(begin + 12, page.Half(begin));
        int kind = page.At(begin + 2, 1)[0];
        if (kind == BerkeleyItem.Plain) { return octets.SequenceCompareTo(key); }
        if (kind != BerkeleyItem.OffPage || octets.Length < 12) { throw Pages.Damaged("a separator of no kind that is read here"); }
        return Pages.ReadLong(page.Word(octets[4..]), page.Word(octets[8..]), budget).AsSpan().SequenceCompareTo(key);
    }

    /// <returns>Index of the first key that is not smaller.</returns>
    private int LowerBound(BerkeleyPage page, ReadOnlySpan<byte> key, PageBudget budget)
    {
        int low = 0;
        int high = page.Count / 2;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Compare(new BerkeleyItem(page, 2 * middle), key, budget) < 0) { low = middle + 1; }
            else { high = middle; }
        }
        return 2 * low;
    }

    private int Compare(BerkeleyItem item, ReadOnlySpan<byte> key, PageBudget budget) =>
        item.Kind == BerkeleyItem.Plain ? item.Octets.SequenceCompareTo(key) : duplicates.ReadPlain(item, budget).AsSpan().SequenceCompareTo(key);

    private IEnumerable<byte[]> Values(BerkeleyItem item, PageBudget budget) =>
        item.Kind == BerkeleyItem.Duplicates ? duplicates.Read(item.Page, budget) : [duplicates.ReadPlain(item, budget)];
}
