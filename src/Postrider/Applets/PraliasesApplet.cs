using System.Text;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Maps;

namespace Postrider.Cli.Applets;

/// <summary><c>praliases</c>: prints the alias databases of AliasFile, or some names of them. Messages and exit statuses of sendmail 8.17 (oracle 85, and asked).</summary>
internal static class PraliasesApplet
{
    private const string Usage = "usage: praliases [-C cffile] [-f aliasfile] [key ...]";

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        PosixOptions options = PosixOptions.Parse(context.Name, context.Arguments, "C:f:", Usage);
        string[] databases = [];
        if (options.Value('f') is { } file) databases = [file];
        else if (MapTool.ReadConfiguration(context, options.Value('C')) is { } document) databases = [.. document.Options.Where(static option => option.Name == "AliasFile").SelectMany(static option => option.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        foreach (string one in databases)
        {
            MapSpec spec = options.Has('f') ? new MapSpec("implicit", MapFlags.None, one) : MapSpec.Parse(one, "implicit")!;
            if (spec.Type is not ("hash" or "btree" or "implicit" or "dbm" or "cdb" or "files")) await context.Error.WriteLineAsync($"{context.Name}: Skipping non-file based alias type {spec.Type}");
            else await PrintAsync(context, spec, options.Operands, cancellationToken);
        }

        return SysExit.Ok;
    }

    private static async Task PrintAsync(AppletContext context, MapSpec spec, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        try
        {
            MapFileStore store = new(spec.Type == "files" ? "implicit" : spec.Type, spec.Argument);
            using MemoryStream listing = new();
            foreach ((byte[] key, byte[] value) in names.Count == 0 ? store.Read() : [])
            {
                listing.Write([.. MapTool.Text(key), (byte)':', .. MapTool.Text(value), (byte)'\n']);
            }

            foreach (string name in names)
            {
                byte[] asked = MapTool.Octets(Encoding.UTF8.GetBytes(name), keepsCase: false, endsInNul: true);
                if ((store.Find(asked) ?? store.Find(asked.AsSpan(0, asked.Length - 1))) is { } found) listing.Write([.. asked.AsSpan(0, asked.Length - 1), (byte)':', .. MapTool.Text(found), (byte)'\n']);
                else listing.Write(Encoding.UTF8.GetBytes($"{name}: No such key\n"));
            }

            await MapTool.WriteAsync(context, listing.ToArray(), cancellationToken);
        }
        catch (MapFileException e)
        {
            await context.Error.WriteLineAsync($"{context.Name}: {spec.Argument}: open: {(e.Message == "No such file or directory" ? "Unknown database type" : e.Message)}");
        }
    }
}
