using Postrider.Cli.Options;
using Postrider.Cli.Submission;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Control;

namespace Postrider.Cli.Applets;

/// <summary>sendmail's command line, mode by mode.</summary>
internal static class SendmailApplet
{
    public static Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken) => RunAsync(context, OperationMode.Deliver, cancellationToken);

    /// <param name="mode">What the name it was called by stands for; -b may say otherwise.</param>
    public static async Task<SysExit> RunAsync(AppletContext context, OperationMode mode, CancellationToken cancellationToken)
    {
        SendmailOptions options = SendmailOptionParser.Parse(context.Arguments, mode);
        if (options.Unserved.Length > 0)
        {
            await context.Error.WriteLineAsync($"{context.Name}: {string.Join(", ", options.Unserved)}: not served by this version of postrider");
            return SysExit.Unavailable;
        }

        if (options.Debug is not null) await DebugText.WriteAsync(context, options);
        switch (options.Mode)
        {
            case OperationMode.Daemon:
                return await BackgroundStart.RunAsync(context, options, cancellationToken);
            case OperationMode.ForegroundDaemon:
                return await RunDaemonAsync(context, options, acceptsSessions: true, ready: null, cancellationToken);
            case OperationMode.CheckConfiguration:
                return await CheckApplet.CheckAsync(context, new FileSiteSource(options.ConfigurationFile ?? FileSiteSource.DefaultPath, options.ConfigurationLines));
            case OperationMode.Test:
                return await AddressTestApplet.RunAsync(context, options, cancellationToken);
            case OperationMode.Verify or OperationMode.HostStatus or OperationMode.PurgeHostStatus or OperationMode.QueueCounts:
                await context.Error.WriteLineAsync($"{context.Name}: this mode is not served by this version of postrider");
                return SysExit.Unavailable;
        }

        LoadedSite site = await LoadAsync(context, options, cancellationToken);
        if (options.Debug is not null) await DebugText.WriteIdentityAsync(context, site.Configuration);
        return options switch
        {
            { Mode: OperationMode.ListQueue } => await QueueListing.PrintAsync(context, site, Request(ControlVerb.List, options.Queue), options.IsVerbose, cancellationToken),
            { Mode: OperationMode.InitializeAliases } => await AliasRebuild.RunAsync(context, options, site, cancellationToken),
            { Mode: OperationMode.SmtpOnStandardInput } => await StandardInputSession.RunAsync(context, site, cancellationToken),
            { Queue: { Interval: not null } } => await RunDaemonAsync(context, options, acceptsSessions: false, ready: null, cancellationToken),
            { Queue: { } queue } => await RunQueueAsync(context, options, site, queue, cancellationToken),
            _ => await new LocalSubmission(context, options, site.Configuration, site.Paths).RunAsync(cancellationToken),
        };
    }

    /// <param name="ready">Called when the daemon accepts.</param>
    public static async Task<SysExit> RunDaemonAsync(AppletContext context, SendmailOptions options, bool acceptsSessions, Action? ready, CancellationToken cancellationToken)
    {
        DaemonOptions daemon = new()
        {
            AcceptsSessions = acceptsSessions,
            QueueInterval = options.Queue?.Interval,
            LogTag = options.LogTag ?? "sendmail",
            SpeaksAsSendmail = true,
            UsesSyslog = options.Mode != OperationMode.ForegroundDaemon, // who keeps it in the foreground (systemd, a container, a person) reads standard error
            ShowsReasons = options.IsVerbose,
            Ready = ready,
        };
        using MailDaemon running = new(new FileSiteSource(options.ConfigurationFile ?? FileSiteSource.DefaultPath, options.ConfigurationLines), daemon, context.Time);
        return await running.RunAsync(cancellationToken);
    }

    /// <summary>-q without a time: the daemon runs the queue now; without a daemon, a daemon without listeners does, once.</summary>
    private static async Task<SysExit> RunQueueAsync(AppletContext context, SendmailOptions options, LoadedSite site, QueueOption queue, CancellationToken cancellationToken)
    {
        if (UnixSockets.IsAnswered(site.Paths.ControlSocket)) return await QueueApplet.AskAsync(context, site.Paths, Request(ControlVerb.Run, queue), cancellationToken);
        DaemonOptions daemon = new() { AcceptsSessions = false, LogTag = options.LogTag ?? "sendmail", SpeaksAsSendmail = true, RunOnce = queue.Filter };
        using MailDaemon once = new(site.Source, daemon, context.Time);
        return await once.RunAsync(cancellationToken);
    }

    /// <summary>Who speaks SMTP on standard input gets what is wrong as a reply there (oracle 86).</summary>
    private static async Task<LoadedSite> LoadAsync(AppletContext context, SendmailOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await SiteLoader.LoadAsync(context, options.ConfigurationFile, options.ConfigurationLines, asSendmail: true, cancellationToken);
        }
        catch (UsageException e) when (options.Mode == OperationMode.SmtpOnStandardInput)
        {
            foreach (string line in e.Message.Split('\n')) await context.Output.WriteAsync($"554 5.0.0 {line}\r\n");
            throw new UsageException("", e.Exit);
        }
    }

    private static ControlRequest Request(ControlVerb verb, QueueOption? queue) => new()
    {
        Verb = verb,
        IdContains = queue?.Filter.IdContains,
        SenderContains = queue?.Filter.ReversePathContains,
        RecipientContains = queue?.Filter.RecipientContains,
    };
}
