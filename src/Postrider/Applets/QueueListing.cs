using System.Net.Sockets;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Control;
using Postrider.Queue;
using Postrider.Queue.Journal;

namespace Postrider.Cli.Applets;

/// <summary>mailq: the queue as the daemon tells it, or, with the daemon down, as it stands on the disk.</summary>
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
            if (!await ReadFromDiskAsync(context, site, request, entries)) return SysExit.Configuration;
        }

        await context.Output.WriteAsync(MailqText.Format(site.Paths.QueueDirectory, entries, verbose, context.Time.LocalTimeZone));
        return SysExit.Ok;
    }

    private static async Task<bool> ReadFromDiskAsync(AppletContext context, LoadedSite site, ControlRequest request, List<ControlEntry> entries)
    {
        if (!Directory.Exists(site.Paths.QueueDirectory))
        {
            await context.Error.WriteLineAsync($"can not chdir({site.Paths.QueueDirectory}/): No such file or directory"); // sendmail 8.17, oracle 81
            return false;
        }

        try
        {
            QueueFilter filter = new() { IdContains = request.IdContains, ReversePathContains = request.SenderContains, RecipientContains = request.RecipientContains };
            using JournalReader reader = JournalReader.Open(site.Paths.JournalDirectory);
            entries.AddRange(reader.List(filter).Select(ControlEntry.Of));
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException or QueueStoreUnavailableException)
        {
            // sendmail 8.17, oracle 81, 83: the queue is not everybody's to read.
            await context.Error.WriteLineAsync($"can not chdir({site.Paths.QueueDirectory}/): Permission denied");
            await context.Error.WriteLineAsync("Program mode requires special privileges, e.g., root or TrustedUser.");
            return false;
        }
    }
}
