namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>The values of one key when they have pages of their own: a small tree, of which the leaves are read from left to right.</summary>
internal sealed class BerkeleyDuplicates(BerkeleyPages pages)
{
    private const int MaxDepth = 32;

    public IEnumerable<byte[]> Read(uint root, PageBudget budget)
    {
        BerkeleyPage page = pages.Read(root, budget);
        for (int depth = 0; page.Type is PageType.TreeInternal or PageType.RecordInternal; depth++)
        {
            if (depth == MaxDepth) { throw pages.Damaged("a tree that is too deep"); }
            // The child of an entry that counts records stands first in it; the child of one that has a key, behind its length and kind.
            page = pages.Read(page.Word(page.Begin(0) + (page.Type == PageType.RecordInternal ? 0 : 4)), budget);
        }
        while (true)
        {
            if (page.Type is not (PageType.DuplicateLeaf or PageType.RecordLeaf)) { throw pages.Damaged($"page {page.Number} holds no values"); }
            for (int i = 0; i < page.Count; i++)
            {
                var item = new BerkeleyItem(page, i);
                if (!item.IsDeleted) { yield return ReadPlain(item, budget); }
            }
            if (page.Next == 0) { break; }
            page = pages.Read(page.Next, budget);
        }
    }

    /// <summary>An item that is one value.</summary>
    public byte[] ReadPlain(BerkeleyItem item, PageBudget budget) => item.Kind switch
    {
        BerkeleyItem.Plain => item.Octets.ToArray(),
        BerkeleyItem.OffPage => pages.ReadLong(item.Page, item.Length, budget),
        _ => throw pages.Damaged("an item of no kind that is read here"),
    };
}
