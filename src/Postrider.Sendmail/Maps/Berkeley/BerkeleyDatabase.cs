using System.Diagnostics.CodeAnalysis;

namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>
/// A Berkeley DB file, hash (versions 8 to 10) or btree (9 and 10), of either byte order: what sendmail's makemap, newaliases and Cyrus SASL's <c>sasldb2</c> are.
/// Read only, page by page; nothing of it is kept but the first page. Thread-safe.
/// </summary>
/// <remarks>
/// A file may come from anybody: every length and page number is checked, and a look-up visits no more pages than the file could honestly need. Not read, with a message:
/// encrypted files, partitioned ones, several databases in one file, a hash or an order of the program's own.
/// </remarks>
public abstract class BerkeleyDatabase : IMapFile
{
    private readonly BerkeleyPages pages;

    private protected BerkeleyDatabase(BerkeleyPages pages) => this.pages = pages;

    private protected BerkeleyPages Pages => pages;

    /// <summary>Whether a file begins as one of these does; says nothing about what follows.</summary>
    /// <param name="head">The first 72 octets or more.</param>
    public static bool IsOne(ReadOnlySpan<byte> head) => BerkeleyMeta.MagicOf(head) is not null;

    /// <summary>Opens a file.</summary>
    /// <exception cref="MapFileException">It is missing, being written, cut off, or not of a kind that is read here.</exception>
    public static BerkeleyDatabase Open(string path, FileDoor? door = null)
    {
        BerkeleyPages opened = BerkeleyPages.Open(path, door);
        try
        {
            return opened.Meta.IsHash ? new BerkeleyHash(opened) : new BerkeleyTree(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        value = Find(key, pages.NewBudget());
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<byte[], byte[]>> Entries() => Walk(pages.NewBudget());

    /// <inheritdoc/>
    public void Dispose()
    {
        pages.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract byte[]? Find(ReadOnlySpan<byte> key, PageBudget budget);

    private protected abstract IEnumerable<KeyValuePair<byte[], byte[]>> Walk(PageBudget budget);
}
