using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>
/// <c>hash</c>, <c>btree</c>, <c>dbm</c>, <c>cdb</c>, <c>implicit</c>: a file of keys and values. The type says what the file is called; which format it has, the file itself says
/// (<see cref="MapFile"/>). Thread-safe.
/// </summary>
/// <remarks>
/// <c>-N</c> keys end with a NUL, <c>-O</c> never; without either both are tried, the bare one first. <c>-f -q -m -a -o</c> as everywhere. Reading is one or two pages of the
/// operating system's cache, so it is done at once and not on another thread.
/// </remarks>
internal sealed class DatabaseMap : IMap
{
    private readonly MapSource<IMapFile> source;
    private readonly MapFlags flags;
    private readonly bool triesBare;
    private readonly bool triesNul;

    public DatabaseMap(MapSource<IMapFile> source, MapFlags flags)
    {
        this.source = source;
        this.flags = flags;
        triesBare = !flags.Has('N');
        triesNul = !flags.Has('O') || !triesBare;
    }

    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            byte[] octets = AnswerText.Octets(MapKey.Folded(key, flags) + "\0");
            byte[]? value = source.Ask(file => Find(file, octets), out bool isMissing);
            if (isMissing && !flags.Optional) throw source.MissingFile();
            return new(value is null ? MapResult.NotFound : MapValue.Finish(flags, Text(value), key, arguments));
        }
        catch (MapFileException e)
        {
            return new(MapResult.TempFail(e.Message));
        }
    }

    /// <summary>A text ends at its first NUL.</summary>
    private static string Text(byte[] value)
    {
        int end = value.AsSpan().IndexOf((byte)0);
        return AnswerText.Read(end < 0 ? value : value.AsSpan(0, end));
    }

    private byte[]? Find(IMapFile file, byte[] withNul)
    {
        if (triesBare && file.TryGet(withNul.AsSpan(0, withNul.Length - 1), out byte[]? bare)) return bare;
        return triesNul && file.TryGet(withNul, out byte[]? ended) ? ended : null;
    }
}
