using System.Globalization;
using System.Net.Sockets;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Control;

namespace Postrider.Cli.Applets;

/// <summary><c>postrider queue</c>: the queue by hand, through the daemon that runs.</summary>
internal static class QueueApplet
{
    private const string Usage = "postrider queue list|run [-C FILE] [--id PART] [--sender PART] [--recipient PART]   or   postrider queue hold|release|delete [-C FILE] ID…   or   postrider queue status|reload|shutdown [-C FILE]";

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        LongOptions options = LongOptions.Parse(context.Arguments, Usage, ["-C", "--id", "--sender", "--recipient"], ["-v"]);
        if (options.Operands.Count == 0) throw new UsageException("usage: " + Usage);
        ControlVerb verb = options.Operands[0] switch
        {
            "list" => ControlVerb.List,
            "run" => ControlVerb.Run,
            "hold" => ControlVerb.Hold,
            "release" => ControlVerb.Unhold,
            "delete" => ControlVerb.Delete,
            "status" => ControlVerb.Status,
            "reload" => ControlVerb.Reload,
            "shutdown" => ControlVerb.Shutdown,
            _ => throw new UsageException("usage: " + Usage),
        };
        string[] ids = [.. options.Operands.Skip(1)];
        if (verb is ControlVerb.Hold or ControlVerb.Unhold or ControlVerb.Delete && ids.Length == 0) throw new UsageException("which entries?\nusage: " + Usage);
        LoadedSite site = await SiteLoader.LoadAsync(context, options["-C"], [], asSendmail: false, cancellationToken);
        ControlRequest request = new()
        {
            Verb = verb,
            Ids = ids.Length == 0 ? null : ids,
            IdContains = options["--id"],
            SenderContains = options["--sender"],
            RecipientContains = options["--recipient"],
        };
        return verb == ControlVerb.List
            ? await QueueListing.PrintAsync(context, site, request, options.Has("-v"), cancellationToken)
            : await AskAsync(context, site.Paths, request, cancellationToken);
    }

    /// <summary>Asks the daemon and prints what it says.</summary>
    public static async Task<SysExit> AskAsync(AppletContext context, DaemonPaths paths, ControlRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ControlAnswer answer in ControlClient.AskAsync(paths.ControlSocket, request, cancellationToken))
            {
                if (answer.Text is not null) await (answer.Exit is SysExit.Ok ? context.Output : context.Error).WriteLineAsync(answer.Text);
                if (answer.Exit is { } exit) return exit;
            }

            return SysExit.Protocol;
        }
        catch (SocketException)
        {
            await context.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{context.Name}: no daemon answers at {paths.ControlSocket}"));
            return SysExit.Unavailable;
        }
    }
}
