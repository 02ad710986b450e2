using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Posix;
using Postrider.Smtp.Server;

namespace Postrider.Cli.Submission;

/// <summary>An SMTP session on standard input and output that needs no daemon: what it accepts waits in the drop directory.</summary>
internal static class DropSession
{
    public static async Task<SysExit> RunAsync(AppletContext context, LoadedSite site, Stream output, CancellationToken cancellationToken)
    {
        SystemUser user = SystemUser.Current;
        SmtpServerSettings settings = new()
        {
            HostName = site.Configuration.HostName,
            MaxMessageSize = site.Configuration.Limits.MaxMessageSize,
            MaxRecipients = site.Configuration.Limits.MaxRecipients,
            Privacy = SmtpPrivacy.NoVrfy | SmtpPrivacy.NoExpn | SmtpPrivacy.NoEtrn, // there is nobody to ask
        };
        DropHandlers handlers = new(site.Paths.DropDirectory, user, site.Configuration.HostName);
        SmtpSessionFacts facts = new("NOQUEUE", new ListenerFacts("stdin", null), null, context.Time.GetUtcNow()) { LocalUser = user.Name };
        await new SmtpServer(settings, handlers, context.Time).RunAsync(new DuplexStream(context.Input, output), facts, cancellationToken);
        if (handlers.Committed > 0) await context.Error.WriteLineAsync($"{context.Name}: queued; it goes out when the daemon runs");
        return SysExit.Ok;
    }
}
