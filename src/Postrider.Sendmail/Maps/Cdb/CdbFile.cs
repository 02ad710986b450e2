using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Postrider.Sendmail.Maps.Cdb;

/// <summary>
/// A constant database: our own format of maps, written whole and put in place in one step, never changed. At most 4 GB. Thread-safe; nothing of it is kept but its head.
/// </summary>
/// <remarks>
/// It has no magic number. What tells it is that its 256 tables stand one behind the other and end exactly where the file does, so that one octet less, or more, is noticed
/// when it is opened.
/// </remarks>
public sealed class CdbFile : IMapFile
{
    private readonly SafeFileHandle file;
    private readonly string path;
    private readonly byte[] head;
    private readonly long length;
    private readonly long endOfRecords;

    private CdbFile(SafeFileHandle file, string path, byte[] head, long length)
    {
        this.file = file;
        this.path = path;
        this.head = head;
        this.length = length;
        endOfRecords = Word(head);
        long at = endOfRecords;
        if (at < CdbHash.HeadLength || at > length) { throw new MapFileException($"{path}: neither CDB nor Berkeley DB, or not whole"); }
        for (int table = 0; table < CdbHash.Tables; table++)
        {
            if (Word(head.AsSpan(table * 8)) != at) { throw new MapFileException($"{path}: neither CDB nor Berkeley DB, or not whole"); }
            at += 8L * Word(head.AsSpan((table * 8) + 4));
        }
        if (at != length) { throw new MapFileException($"{path}: not whole: {length} octets of {at}"); }
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="MapFileException">It is missing, being written, not whole, or no such file.</exception>
    public static CdbFile Open(string path, FileDoor? door = null)
    {
        SafeFileHandle opened = SharedRead.Open(path, door);
        try
        {
            byte[] octets = new byte[CdbHash.HeadLength];
            int got = 0;
            for (int now; got < octets.Length && (now = RandomAccess.Read(opened, octets.AsSpan(got), got)) > 0;) { got += now; }
            if (got < octets.Length) { throw new MapFileException($"{path}: neither CDB nor Berkeley DB, or not whole"); }
            return new CdbFile(opened, path, octets, RandomAccess.GetLength(opened));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            opened.Dispose();
            throw e as MapFileException ?? new MapFileException($"{path}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        uint hash = CdbHash.Of(key);
        ReadOnlySpan<byte> entry = head.AsSpan((int)(hash % CdbHash.Tables) * 8, 8);
        long table = Word(entry);
        uint slots = Word(entry[4..]);
        Span<byte> slot = stackalloc byte[8];
        value = null;
        // A table is never full, so an empty slot ends the search; in a damaged one, having seen all of them does.
        uint at = slots == 0 ? 0 : (hash / CdbHash.Tables) % slots;
        for (uint seen = 0; seen < slots; seen++)
        {
            Read(slot, table + (8L * at));
            uint record = Word(slot[4..]);
            if (record == 0) { return false; }
            if (Word(slot) == hash && Matches(record, key, out uint size))
            {
                value = new byte[size];
                Read(value, record + 8L + key.Length);
                return true;
            }
            if (++at == slots) { at = 0; }
        }
        return false;
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<byte[], byte[]>> Entries()
    {
        byte[] lengths = new byte[8];
        for (long at = CdbHash.HeadLength; at < endOfRecords;)
        {
            (uint keyLength, uint valueLength) = Lengths(lengths, at);
            byte[] key = new byte[keyLength];
            byte[] value = new byte[valueLength];
            Read(key, at + 8);
            Read(value, at + 8 + keyLength);
            yield return new(key, value);
            at += 8L + keyLength + valueLength;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static uint Word(ReadOnlySpan<byte> octets) => BinaryPrimitives.ReadUInt32LittleEndian(octets);

    private bool Matches(uint record, ReadOnlySpan<byte> key, out uint size)
    {
        (uint keyLength, size) = Lengths(stackalloc byte[8], record);
        if (keyLength != key.Length) { return false; }
        byte[] found = new byte[keyLength];
        Read(found, record + 8L);
        return key.SequenceEqual(found);
    }

    /// <summary>The lengths of a record, which lies as a whole where records are.</summary>
    private (uint Key, uint Value) Lengths(Span<byte> buffer, long record)
    {
        if (record < CdbHash.HeadLength || record + 8 > endOfRecords) { throw Damaged(record); }
        Read(buffer, record);
        (uint key, uint value) = (Word(buffer), Word(buffer[4..]));
        if (record + 8L + key + value > endOfRecords || key > int.MaxValue || value > Array.MaxLength) { throw Damaged(record); }
        return (key, value);
    }

    private void Read(Span<byte> into, long at)
    {
        if (at + into.Length > length) { throw Damaged(at); }
        try
        {
            while (!into.IsEmpty)
            {
                int got = RandomAccess.Read(file, into, at);
                if (got == 0) { throw Damaged(at); }
                into = into[got..];
                at += got;
            }
        }
        catch (Exception e) when (e is IOException and not MapFileException or ObjectDisposedException) { throw new MapFileException($"{path}: {e.Message}", e); }
    }

    private MapFileException Damaged(long at) => new($"{path}: damaged at octet {at}");
}
