using System.Text;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Maps;

namespace Postrider.Cli.Applets;

/// <summary><c>editmap</c>: asks for one key of a map (<c>-q</c>), sets it (<c>-u</c>), takes it out (<c>-x</c>). Messages and exit statuses of sendmail 8.17 (oracle 85, and asked).</summary>
internal static class EditmapApplet
{
    private const string Usage = "Usage: editmap [-C cffile] [-N] [-f] [-q|-u|-x] maptype mapname key [ \"value ...\" ]";

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        PosixOptions options = PosixOptions.Parse(context.Name, context.Arguments, "C:fquxN", Usage);
        char[] work = [.. "qux".Where(options.Has)];
        if (work is not [var what] || options.Operands.Count != (what == 'u' ? 4 : 3)) throw new UsageException(Usage);
        (string type, string name, string text) = (options.Operands[0], options.Operands[1], options.Operands[2]);
        byte[] key = MapTool.Octets(Encoding.UTF8.GetBytes(text), options.Has('f'), options.Has('N'));
        _ = MapTool.ReadConfiguration(context, options.Value('C'));
        try
        {
            MapFileStore store = new(type, name);
            if (what == 'q')
            {
                if (store.Find(key) is { } value)
                {
                    byte[] line = [.. MapTool.Text(value), (byte)'\n'];
                    await MapTool.WriteAsync(context, line, cancellationToken);
                    return SysExit.Ok;
                }

                await context.Error.WriteLineAsync($"{context.Name}: couldn't find key {Shown(text, options)} in map {name}");
                return SysExit.Unavailable;
            }

            if (store.Refusal() is { } refusal) throw new MapFileException(refusal);
            List<KeyValuePair<byte[], byte[]>> entries = store.Exists ? store.Read() : [];
            int place = entries.FindIndex(entry => entry.Key.AsSpan().SequenceEqual(key));
            if (what == 'x' && place < 0)
            {
                await context.Error.WriteLineAsync($"{context.Name}: key {Shown(text, options)} doesn't exist in map {name}");
                return SysExit.Ok;
            }

            entries.RemoveAll(entry => entry.Key.AsSpan().SequenceEqual(key));
            if (what == 'u') entries.Add(new(key, MapTool.Octets(Encoding.UTF8.GetBytes(options.Operands[3]), keepsCase: true, options.Has('N'))));
            store.Replace(entries);
            return SysExit.Ok;
        }
        catch (MapFileException e)
        {
            await context.Error.WriteLineAsync($"{context.Name}: error opening type {type} map {name}: {e.Message}");
            return SysExit.CannotCreate;
        }
    }

    private static string Shown(string key, PosixOptions options) => options.Has('f') ? key : key.ToLowerInvariant();
}
