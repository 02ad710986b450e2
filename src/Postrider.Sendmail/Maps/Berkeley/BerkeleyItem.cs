namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>An item of a page of a tree: its kind, and where its octets are.</summary>
internal readonly struct BerkeleyItem
{
    // Kinds of items, and the mark of one that was deleted.
    public const int Plain = 1;
    public const int Duplicates = 2;
    public const int OffPage = 3;
    private const int Deleted = 0x80;

    private readonly BerkeleyPage page;
    private readonly int begin;

    /// <summary>An item of a leaf.</summary>
    public BerkeleyItem(BerkeleyPage page, int index)
    {
        this.page = page;
        begin = page.Begin(index);
        byte kind = page.At(begin + 2, 1)[0];
        Kind = kind & ~Deleted;
        IsDeleted = (kind & Deleted) != 0;
    }

    public int Kind { get; }

    public bool IsDeleted { get; }

    /// <summary>Of <see cref="Duplicates"/> and <see cref="OffPage"/>: the first page.</summary>
    public uint Page => page.Word(begin + 4);

    /// <summary>Of <see cref="OffPage"/>: its length.</summary>
    public uint Length => page.Word(begin + 8);

    public ReadOnlySpan<byte> Octets => page.At(begin + 3, page.Half(begin));
}
