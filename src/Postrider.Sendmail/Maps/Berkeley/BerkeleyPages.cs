using Microsoft.Win32.SafeHandles;

namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>The pages of an open file, each checked for being the one that was asked for; and the items that are too long for a page. Thread-safe.</summary>
internal sealed class BerkeleyPages : IDisposable
{
    /// <summary>Longest key or value, in octets. Ours: what a rule can take is a thousandth of it.</summary>
    private const uint MaxItem = 16 << 20;

    private readonly SafeFileHandle file;
    private readonly long length;

    private BerkeleyPages(SafeFileHandle file, string path, BerkeleyMeta meta, long length)
    {
        this.file = file;
        this.length = length;
        Path = path;
        Meta = meta;
    }

    public string Path { get; }

    public BerkeleyMeta Meta { get; }

    private long Count => length / Meta.PageSize;

    public static BerkeleyPages Open(string path, FileDoor? door)
    {
        SafeFileHandle opened = SharedRead.Open(path, door);
        try
        {
            byte[] head = new byte[BerkeleyMeta.Length];
            int got = RandomAccess.Read(opened, head, 0);
            BerkeleyMeta meta = BerkeleyMeta.Read(head.AsSpan(0, got), path);
            long size = RandomAccess.GetLength(opened);
            if (size < (meta.LastPage + 1L) * meta.PageSize) { throw new MapFileException($"{path}: cut off: {size} octets of {(meta.LastPage + 1L) * meta.PageSize}"); }
            return new BerkeleyPages(opened, path, meta, size);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            opened.Dispose();
            throw e as MapFileException ?? new MapFileException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Four times the pages there are: enough for every honest file, whose pages are visited once or, with long keys, twice.</summary>
    public PageBudget NewBudget() => new((4 * Count) + 256, Path);

    /// <param name="mayBeBlank">A bucket that nothing was ever put in may never have been written; it reads as zeroes.</param>
    public BerkeleyPage Read(uint number, PageBudget budget, bool mayBeBlank = false)
    {
        budget.Take();
        if (number >= Count) { throw Damaged($"page {number} is behind its end"); }
        byte[] octets = new byte[Meta.PageSize];
        try
        {
            int got = 0;
            while (got < octets.Length)
            {
                int now = RandomAccess.Read(file, octets.AsSpan(got), ((long)number * Meta.PageSize) + got);
                if (now == 0) { throw Damaged($"page {number} is cut off"); }
                got += now;
            }
        }
        catch (Exception e) when (e is IOException and not MapFileException or ObjectDisposedException)
        {
            throw new MapFileException($"{Path}: {e.Message}", e);
        }
        var page = new BerkeleyPage(octets, this);
        if (page.Number != number && !(mayBeBlank && !octets.AsSpan().ContainsAnyExcept((byte)0))) { throw Damaged($"page {number} says that it is page {page.Number}"); }
        return page;
    }

    /// <summary>An item of its own pages.</summary>
    public byte[] ReadLong(uint first, uint size, PageBudget budget)
    {
        if (size > MaxItem || size > length) { throw Damaged($"an item of {size} octets"); }
        byte[] item = new byte[size];
        int at = 0;
        for (uint number = first; at < item.Length;)
        {
            BerkeleyPage page = Read(number, budget);
            if (page.Type != PageType.Overflow) { throw Damaged($"page {number} is no overflow page"); }
            ReadOnlySpan<byte> part = page.OverflowPart;
            if (part.IsEmpty || part.Length > item.Length - at) { throw Damaged($"an item of {size} octets has others on page {number}"); }
            part.CopyTo(item.AsSpan(at));
            at += part.Length;
            number = page.Next;
        }
        return item;
    }

    public MapFileException Damaged(string what) => new($"{Path}: damaged: {what}");

    public void Dispose() => file.Dispose();
}
