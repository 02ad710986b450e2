using System.Net.Sockets;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Control;

namespace Postrider.Cli.Applets;

/// <summary>mailq: the queue as the daemon tells it.</summary>
internal static class QueueListing
{
    public static async Task<SysExit> PrintAsync(AppletContext context, LoadedSite site, ControlRequest request, bool verbose, CancellationToken cancellationToken)
    {
        List<ControlEntry> entries = [];
        try
        {
            await foreach (ControlAnswer answer in ControlClient.AskAsync(site.Paths.ControlSocket, request, cancellationToken))
            {
                if (answer.Entry is not null) entries.Add(answer.Entry);
                if (answer.Exit is not { } exit || exit == SysExit.Ok) continue;
                await context.Error.WriteLineAsync(answer.Text);
                return exit;
            }
        }
        catch (SocketException)
        {
            await context.Error.WriteLineAsync($"{context.Name}: no daemon answers at {site.Paths.ControlSocket}");
            return SysExit.Unavailable;
        }

        await context.Output.WriteAsync(MailqText.Format(site.Paths.QueueDirectory, entries, verbose, context.Time.LocalTimeZone));
        return SysExit.Ok;
    }
}
