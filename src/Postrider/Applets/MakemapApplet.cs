using System.Globalization;
using System.Text;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Cli.Applets;

/// <summary><c>makemap</c>: builds a map from lines on standard input, or lists one (<c>-u</c>). Messages and exit statuses of sendmail 8.17 (oracle 85, and asked).</summary>
/// <remarks>Differs from sendmail: the file is CDB and is put in place in one step; dbm and cdb are built too; a line that is too long is told once.</remarks>
internal static class MakemapApplet
{
    public const string Usage = """
        Usage: makemap [-C cffile] [-N] [-c cachesize] [-D commentchar]
                       [-d] [-e] [-f] [-i type] [-l] [-o] [-r] [-s] [-t delimiter]
                       [-u] [-v] type mapname
        """;

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        PosixOptions options = PosixOptions.Parse(context.Name, context.Arguments, "C:ND:c:defi:lorst:uvx", Usage);
        if (options.Has('l') || options.Has('x'))
        {
            foreach ((string known, string suffix) in MapFileStore.Types) await context.Output.WriteLineAsync(options.Has('l') ? known : $"{known}:{suffix}");
            return SysExit.Ok;
        }

        if (options.Operands is not [{ } type, { } name]) throw new UsageException(Usage);
        CfDocument? configuration = MapTool.ReadConfiguration(context, options.Value('C'));
        try
        {
            MapFileStore store = new(type, name);
            if (options.Has('u')) return await ListAsync(context, store, options.Value('t') is { Length: > 0 } separator ? separator[0] : '\t', cancellationToken);
            if (store.Refusal() is { } refusal) throw new MapFileException(refusal);
            if (!options.Has('s') && MapTool.Trust(configuration).UnsafeDirectory(store.FileName) is { } warning) await context.Error.WriteLineAsync("WARNING: " + warning);
            List<KeyValuePair<byte[], byte[]>> entries = options.Has('o') && store.Exists ? store.Read() : [];
            SysExit exit = await BuildAsync(context, options, name, entries, cancellationToken);
            store.Replace(entries);
            return exit;
        }
        catch (MapFileException e)
        {
            await context.Error.WriteLineAsync($"{context.Name}: error opening type {type} map {name}: {e.Message}");
            return SysExit.CannotCreate;
        }
    }

    private static async Task<SysExit> ListAsync(AppletContext context, MapFileStore store, char separator, CancellationToken cancellationToken)
    {
        using MemoryStream listing = new();
        foreach ((byte[] key, byte[] value) in store.Read())
        {
            listing.Write(MapTool.Text(key));
            listing.WriteByte((byte)separator);
            listing.Write(MapTool.Text(value));
            listing.WriteByte((byte)'\n');
        }

        await MapTool.WriteAsync(context, listing.ToArray(), cancellationToken);
        return SysExit.Ok;
    }

    private static async Task<SysExit> BuildAsync(AppletContext context, PosixOptions options, string name, List<KeyValuePair<byte[], byte[]>> entries, CancellationToken cancellationToken)
    {
        MakemapLines lines = new()
        {
            Delimiter = options.Value('t') is { Length: > 0 } delimiter ? (byte)delimiter[0] : null,
            Comment = options.Value('D') is { Length: > 0 } comment ? (byte)comment[0] : (byte)'#',
            TakesEmptyValues = options.Has('e'),
            KeepsCase = options.Has('f'),
            EndsInNul = options.Has('N'),
        };
        MapEntries map = new(entries, replaces: options.Has('r'), repeats: options.Has('d'));
        SysExit exit = SysExit.Ok;
        int number = 0;
        await foreach (ReadOnlyMemory<byte> line in MakemapLines.SplitAsync(context.Input, cancellationToken))
        {
            number++;
            string? problem = lines.Read(line.Span, out KeyValuePair<byte[], byte[]>? entry);
            if (entry is { } one)
            {
                if (options.Has('v')) await MapTool.WriteAsync(context, Shown(one), cancellationToken);
                if (!map.Add(one)) problem = $"key {NameOf(one.Key)}: duplicate key";
            }

            if (problem is null) continue;
            exit = SysExit.DataError;
            await context.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{context.Name}: {name}: line {number}: {problem}"));
        }

        return exit;
    }

    private static byte[] Shown(KeyValuePair<byte[], byte[]> entry) => [.. "key=`"u8, .. MapTool.Text(entry.Key), .. "', val=`"u8, .. MapTool.Text(entry.Value), .. "'\n"u8];

    private static string NameOf(byte[] key) => Encoding.UTF8.GetString(MapTool.Text(key));
}
