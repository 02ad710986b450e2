using Postrider.Mta.Files;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Maps.Cdb;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Maps;

/// <summary>The file of a map as the tools work on it: read whole, changed, put back in one step. Whoever reads the map meanwhile sees the old file or the new one.</summary>
public sealed class MapFileStore
{
    private const UnixFileMode NewMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly string type;
    private readonly FileStatus? before;

    /// <param name="type">Of the map; unknown ones are refused.</param>
    /// <param name="name">Of the map, with or without its suffix.</param>
    /// <exception cref="MapFileException">The type is none of ours; the message is the reason alone.</exception>
    public MapFileStore(string type, string name)
    {
        if (type is not ("hash" or "btree" or "dbm" or "cdb" or "implicit")) throw new MapFileException("Unknown database type");
        this.type = type;
        FileName = Path.GetFullPath(FileMapTypes.FileName(type, name));
        before = FileStatus.Of(FileName);
    }

    /// <summary>The types that are built here, as <c>makemap -l</c> lists them, and their suffixes.</summary>
    public static IReadOnlyList<(string Type, string Suffix)> Types { get; } = [("hash", "db"), ("btree", "db"), ("dbm", "pag"), ("cdb", "cdb"), ("implicit", "")];

    /// <summary>Absolute.</summary>
    public string FileName { get; }

    public bool Exists => before is not null;

    /// <summary>Every entry.</summary>
    /// <exception cref="MapFileException">It cannot be read; the message is the reason alone.</exception>
    public List<KeyValuePair<byte[], byte[]>> Read()
    {
        try
        {
            using IMapFile file = MapFile.Open(FileName);
            return [.. file.Entries()];
        }
        catch (MapFileException e)
        {
            throw Bare(e);
        }
    }

    /// <summary>The value of a key; null: there is no such key.</summary>
    /// <exception cref="MapFileException">It cannot be read; the message is the reason alone.</exception>
    public byte[]? Find(ReadOnlySpan<byte> key)
    {
        try
        {
            using IMapFile file = MapFile.Open(FileName);
            return file.TryGet(key, out byte[]? value) ? value : null;
        }
        catch (MapFileException e)
        {
            throw Bare(e);
        }
    }

    /// <summary>Why the file may not be written, in sendmail's words; null: it may be tried. Nothing is ever written through a link.</summary>
    public string? Refusal()
    {
        if (Directory.GetParent(FileName) is not { Exists: true }) return "No such file or directory";
        if (new FileInfo(FileName).LinkTarget is not null) return "Symbolic links not allowed";
        return before switch
        {
            { IsRegular: false } => "Regular files only",
            { Links: > 1 } => "Hard links not allowed",
            _ => null,
        };
    }

    /// <summary>Puts a new file in place. It has the owner and the mode of the one that was there; a new one is mode 0640.</summary>
    /// <exception cref="MapFileException">It cannot be written, or somebody else wrote it since it was read; the message is the reason alone. What was there is unchanged.</exception>
    public void Replace(IEnumerable<KeyValuePair<byte[], byte[]>> entries)
    {
        if (Refusal() is { } refusal) throw new MapFileException(refusal);
        byte[] octets = CdbWriter.Write(MapOrder.Sorted(type, entries));
        if (FileStatus.Of(FileName) != before) throw new MapFileException("changed by somebody else meanwhile");
        (uint, uint)? owner = before is { } status && FileStatus.EffectiveUser == 0 ? (status.Owner, status.Group) : null;
        try
        {
            WholeFile.Write(FileName, octets, before?.Mode ?? NewMode, replace: true, owner);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new MapFileException("Permission denied", e);
        }
        catch (IOException e)
        {
            throw new MapFileException(e.Message, e);
        }
    }

    private MapFileException Bare(MapFileException e) => e.Message.StartsWith(FileName + ": ", StringComparison.Ordinal) ? new MapFileException(e.Message[(FileName.Length + 2)..], e) : e;
}
