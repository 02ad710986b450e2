using System.Text;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Configuration;
using Postrider.Mta.Dns;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Rewriting.MapTypes;

namespace Postrider.Mta.Maps;

/// <summary>Map types that read a file; and <c>switch</c>, whose members a file names.</summary>
public static class FileMapTypes
{
    /// <summary>Longest text file. Ours: what is larger belongs into a database.</summary>
    private const long MaxText = 64 << 20;

    public static IEnumerable<KeyValuePair<string, MapFactory>> Rows { get; } =
    [
        new("hash", Database),
        new("btree", Database),
        new("dbm", Database),
        new("cdb", Database),
        new("implicit", Database),
        new("text", (line, spec, services) => Table(line, spec, services, text => TextMap.Parse(text, spec.Flags))),
        new("stab", (line, spec, services) => Table(line, spec, services, text => Aliases(text, spec.Flags))),
        new("switch", Switch),
    ];

    /// <summary>What sendmail calls the file of a map: a suffix by its type, unless it is there already.</summary>
    public static string FileName(string type, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string suffix = type switch { "dbm" => ".pag", "cdb" => ".cdb", _ => ".db" };
        return name.EndsWith(suffix, StringComparison.Ordinal) ? name : name + suffix;
    }

    /// <summary>The files that a map of such a type reads, besides whatever its text names; none when it is of another type or its line makes no sense.</summary>
    /// <param name="type">In lower case.</param>
    /// <param name="arguments">What follows the type in a K line.</param>
    public static IEnumerable<string> FilesOf(string type, string arguments)
    {
        MapSpec spec = MapSpec.OfType(type, arguments);
        if (spec.Argument is not ['/', ..] path) yield break;
        switch (spec.Type)
        {
            case "hash" or "btree" or "dbm" or "cdb" or "implicit":
                yield return Path.GetFullPath(FileName(spec.Type, path));
                break;
            case "text" or "stab":
                yield return Path.GetFullPath(path);
                break;
        }
    }

    private static IMap Database(CfMap line, MapSpec spec, MapServices services)
    {
        string path = PathOf(line, spec, services);
        return new DatabaseMap(Source(line, FileName(spec.Type, path), services, file => OpenDatabase(spec.Type, file, services.Door)), spec.Flags);
    }

    private static IMapFile OpenDatabase(string type, string file, FileDoor? door)
    {
        try
        {
            return MapFile.Open(file, door);
        }
        catch (MapFileException e)
        {
            throw new MapFileException($"Cannot open {type} database {file}: {Why(e.Message, file)}", e);
        }
    }

    private static TableMap Table(CfMap line, MapSpec spec, MapServices services, Func<string, IMap> parse)
    {
        _ = parse(""); // what is wrong with the flags is said when the site is bound
        return new TableMap(Source(line, PathOf(line, spec, services), services, file => ReadText(file, parse, services.Door)), spec.Flags);
    }

    private static IMap ReadText(string file, Func<string, IMap> parse, FileDoor? door)
    {
        try
        {
            using FileStream stream = new(OpenText(file, door), FileAccess.Read, bufferSize: 0);
            if (stream.Length > MaxText) throw new MapFileException($"{file} is longer than {MaxText} octets");
            using StreamReader reader = new(stream, Encoding.Latin1);
            return parse(reader.ReadToEnd());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not MapFileException)
        {
            throw new MapFileException($"{file}: {e.Message}", e);
        }
    }

    private static SafeFileHandle OpenText(string file, FileDoor? door)
    {
        try
        {
            return File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException e)
        {
            return door?.Invoke(file) ?? throw new MapFileException($"{file}: Permission denied", e);
        }
    }

    /// <summary><c>stab</c>: an alias file as a text. sendmail 8.17, asked; a name that comes twice has what stands last.</summary>
    private static MemoryMap Aliases(string text, MapFlags flags) =>
        new(AliasText.Parse(text).Reverse().Select(static entry => KeyValuePair.Create(entry.Name, entry.Value)), flags);

    /// <summary><c>Kname switch service</c>: for each source that ServiceSwitchFile names for the service, the map <c>name.source</c>.</summary>
    private static SequenceMap Switch(CfMap line, MapSpec spec, MapServices services)
    {
        WatchedFile<ServiceSwitch> order = new(services.Option("ServiceSwitchFile") is { Length: > 0 } file ? file : ServiceSwitch.DefaultPath, ServiceSwitch.Parse, services.Time);
        return new SequenceMap([.. order.Value[spec.Argument].Select(source => $"{line.Name}.{source}")]);
    }

    private static MapSource<T> Source<T>(CfMap line, string path, MapServices services, Func<string, T> open)
        where T : class
    {
        MapSource<T> source = new(path, $"{line.Type} map \"{line.Name}\"", PathTrust.OfMaps(CfValue.List(services.Option("DontBlameSendmail") ?? "")), services.Time, open, services.Problem);
        source.OpenAhead();
        return source;
    }

    private static string PathOf(CfMap line, MapSpec spec, MapServices services)
    {
        if (spec.Argument.Length == 0) throw new FormatException($"map {line.Name}: no file name");
        if (spec.Argument.Contains('\0', StringComparison.Ordinal)) throw new FormatException($"map {line.Name}: a NUL in its file name");
        return Path.GetFullPath(spec.Argument, services.BaseDirectory);
    }

    private static string Why(string message, string file) => message.StartsWith(file + ": ", StringComparison.Ordinal) ? message[(file.Length + 2)..] : message;
}
