using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Postrider.Mta.Configuration;
using Postrider.Mta.Delivery;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Mta.Dns;
using Postrider.Mta.Hosting.Control;
using Postrider.Mta.Hosting.Drop;
using Postrider.Mta.Hosting.Monitor;
using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Receiving;
using Postrider.Queue;
using Postrider.Queue.Journal;
using Postrider.Sendmail;

namespace Postrider.Mta.Hosting;

/// <summary>
/// The daemon, from start to end: (1) configuration, (2) directories, listeners, sockets and secrets, while it may still be root, (3) down to RunAsUser for good,
/// (4) queue store and site, (5) serve, (6) end. Nothing is accepted before step 3 is verified.
/// </summary>
/// <remarks>One per process: it may give up the process's privileges. <see cref="RunAsync"/> once in its life.</remarks>
public sealed class MailDaemon : IControlTarget, IDisposable
{
    private readonly ISiteSource source;
    private readonly DaemonOptions options;
    private readonly TimeProvider time;
    private readonly DaemonLog log;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim reloading = new(1);
    private readonly DateTimeOffset started;
    private string stopReason = "request";
    private RunAsUser? runAs;
    private JournalQueueStore? store;
    private StubResolver? resolver;
    private RunningQueue? queue;
    private ClientCounters? counters;
    private volatile RunningSite? site;
    private ListenerSet? listeners;
    private MonitorClient? monitor;
    private Func<RunningSite, IReadOnlyDictionary<string, IDeliveryAgent>>? agentsOf;

    public MailDaemon(ISiteSource source, DaemonOptions options, TimeProvider time)
    {
        this.source = source;
        this.options = options;
        this.time = time;
        started = time.GetUtcNow();
        log = DaemonLog.Open(options, time);
    }

    public ControlPermissions Permissions => new(runAs!.User.Uid, runAs.Group, site!.Configuration.Privacy);

    public IQueueStore Store => store!;

    /// <summary>Until SIGTERM, SIGINT, a shutdown over the control socket, or cancellation.</summary>
    /// <exception cref="DaemonStartException">It cannot start; everything taken so far is given back.</exception>
    public async Task<SysExit> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static state => ((MailDaemon)state!).RequestShutdown(), this);

        using SignalHandlers signals = new(
            () => _ = ReloadAndSayAsync(),
            signal =>
            {
                stopReason = signal;
                RequestShutdown();
            });

        // :: 1. Configuration
        SiteReading reading = source.Read();
        if (reading.Configuration is null && options.SpeaksAsSendmail) throw Refused(reading.Sendmail);
        if (reading.Configuration is not null) log.Use(reading.Configuration.LogLevel);

        // A file that sendmail started with in silence starts here in silence too: what has no effect, postrider check tells.
        int level = reading.Configuration?.Rules is { IsClassic: true } ? 10 : 0;
        foreach (string diagnostic in reading.Diagnostics) log.Lines.Notice(null, diagnostic, level);
        SiteConfiguration configuration = Adjusted(reading.Configuration ?? throw new DaemonStartException(reading.Exit, $"{source.Name}: not started"));

        // :: 2. What may need root
        runAs = RunAsUser.Of(configuration);
        DaemonPaths paths = DaemonPaths.Of(configuration);
        DropSettings drop = new(paths.DropDirectory) { MaxMessageSize = configuration.Limits.MaxMessageSize };
        PrepareDirectories(paths, drop);
        ListenerSet bound = listeners = new ListenerSet(log, time);
        if (options.AcceptsSessions) bound.Bind(configuration.Listeners);
        RunningSite first = ReadSite(configuration, out ImmutableArray<string> found) ?? throw new DaemonStartException(SysExit.Configuration, $"{source.Name}: not started");
        foreach (string diagnostic in found) log.Say(diagnostic);
        using Socket control = UnixSockets.Listen(paths.ControlSocket, backlog: 64);
        using Socket submit = UnixSockets.Listen(paths.SubmitSocket, backlog: 511);
        using PidFile? pidFile = configuration.PidFile is { } path ? PidFile.Write(path) : null;

        using MonitorClient? watching = monitor = StartMonitor(configuration);

        // :: 3. Down
        DropPrivileges();

        // :: 4. Store and site
        await using JournalQueueStore opened = store = await OpenStoreAsync(paths);
        List<ConnectionCache> caches = [];
        resolver = first.Resolver;
        using MailerLauncher? launcher = monitor is null && OwnProgram.Command is { } own ? new MailerLauncher(() => site!.Site.Mailers, own, time) : null;
        IMailerRunner? runner = monitor is null ? launcher : monitor;
        agentsOf = one => one.Agents(resolver, caches, runner, paths.JournalDirectory);
        queue = new RunningQueue(store, () => site!.Site, first.Site, () => site!.Deliverers, log, time, options.StopWithin, () => site!.DeliveryRules);
        counters = new ClientCounters(time, configuration.Limits.ConnectionRateWindow);
        first.Deliverers = agentsOf(first);
        first.Complete(store, resolver, queue.StartRun, counters);
        site = first;

        // :: 5. Serve
        using SessionServer sessions = new(() => site, store, configuration.Limits.MaxSessions, log, time);
        DropDrain drain = new(drop, new DropReceiver(() => site.Handlers, store, time, log.Say).ReceiveAsync, log.Say, time);
        log.Lines.DaemonStarting(ProductVersion.Text, options.QueueInterval);
        log.Lines.StartedAs(string.Join(' ', Environment.GetCommandLineArgs()));
        bound.Listen();
        List<Task> working = [queue.RunAsync(stopping.Token)];
        if (options.RunOnce is { } filter)
        {
            await drain.RunOnceAsync(stopping.Token);
            await queue.RunNowAsync(filter).WaitAsync(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            RequestShutdown();
        }
        else
        {
            working.Add(bound.RunAsync(sessions.ServeAsync, sessions.Tracking, stopping.Token));
            working.Add(new AcceptLoop(submit, slots: null, sessions.ServeLocalAsync, log.Say, time).RunAsync(sessions.Tracking.Track, stopping.Token));
            working.Add(new AcceptLoop(control, slots: null, ServeControlAsync, log.Say, time).RunAsync(static _ => { }, stopping.Token));
            working.Add(KeepHouseAsync(drain));
            options.Ready?.Invoke();
            await stopping.Token.WhenCancelled();
        }

        // :: 6. End
        log.Lines.DaemonStopping(stopReason);
        bound.Close();
        await sessions.StopAsync(options.StopWithin);
        await Task.WhenAll(working);
        foreach (ConnectionCache cache in caches) await cache.DisposeAsync();
        return SysExit.Ok;
    }

    /// <summary>Standard error has the lines as they are, the log each as sendmail logs it (oracle 86).</summary>
    private DaemonStartException Refused(SendmailVoice voice)
    {
        if (options.UsesSyslog)
        {
            foreach (string line in voice.Lines) log.Say($"SYSERR(root): {line}");
        }

        return new DaemonStartException((SysExit)voice.ExitStatus, string.Join('\n', voice.Lines)) { IsWhole = true };
    }

    public string Status()
    {
        TimeSpan up = time.GetUtcNow() - started;
        return string.Create(CultureInfo.InvariantCulture, $"postrider {Environment.ProcessId}: up {up:d\\.hh\\:mm\\:ss}, {listeners!.Count} listeners, {listeners.Active} sessions, {queue!.Running} attempts, {source.Name}");
    }

    /// <summary>Started, not waited for: its end is in the log and in the queue.</summary>
    public ValueTask RunQueueAsync(QueueFilter filter, CancellationToken cancellationToken)
    {
        queue!.StartRun(filter);
        return ValueTask.CompletedTask;
    }

    /// <summary>A new configuration, validated whole, takes the place of the old one for everything that begins from now on; an invalid one is refused.</summary>
    public async ValueTask<IReadOnlyList<string>> ReloadAsync(CancellationToken cancellationToken)
    {
        await reloading.WaitAsync(cancellationToken);
        try
        {
            if (site is null) return ["still starting"]; // under the configuration that is on the disk now, or all but
            SiteReading reading = source.Read();
            if (reading.Configuration is null) return reading.Diagnostics;
            SiteConfiguration fresh = Adjusted(reading.Configuration);
            if (DaemonPaths.Of(fresh) != DaemonPaths.Of(site!.Configuration)) return [$"{source.Name}: QueueDirectory and ControlSocketName change with a restart only"];
            if (ReadSite(fresh, out ImmutableArray<string> found) is not { } next) return found;
            foreach (string diagnostic in found) log.Say(diagnostic);
            log.Use(fresh.LogLevel);
            if (monitor is not null && await monitor.ReloadAsync(cancellationToken) is { } problem) return [problem];
            next.Deliverers = agentsOf!(next);
            next.Complete(store!, resolver!, queue!.StartRun, counters);
            if (options.AcceptsSessions) listeners!.Rebind(fresh.Listeners);
            site = next;
            return [];
        }
        catch (DaemonStartException e)
        {
            return [e.Message];
        }
        finally
        {
            reloading.Release();
        }
    }

    public void RequestShutdown() => stopping.Cancel();

    public void Dispose()
    {
        listeners?.Dispose();
        reloading.Dispose();
        stopping.Dispose();
        log.Dispose();
    }

    private async Task ReloadAndSayAsync()
    {
        try
        {
            IReadOnlyList<string> diagnostics = await ReloadAsync(stopping.Token);
            foreach (string diagnostic in diagnostics) log.Say(diagnostic);
            log.Say(diagnostics.Count == 0 ? "reloaded due to signal" : "not reloaded: the running configuration goes on");
        }
        catch (Exception e)
        {
            log.Say("not reloaded: " + e.Message);
        }
    }

    private RunningSite? ReadSite(SiteConfiguration configuration, out ImmutableArray<string> found)
    {
        RunningSite? read = RunningSite.Read(configuration, source.Name, runAs!, path => monitor?.Open(path), log, time, out found);
        if (read is null)
        {
            foreach (string diagnostic in found) log.Say(diagnostic);
        }

        return read;
    }

    private SiteConfiguration Adjusted(SiteConfiguration configuration) => options.QueueInterval is not { } interval
        ? configuration
        : configuration with { Queue = configuration.Queue with { MinRetry = interval, MaxRetry = interval } };

    private void PrepareDirectories(DaemonPaths paths, DropSettings drop)
    {
        try
        {
            const UnixFileMode passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            OwnedDirectory.Ensure(paths.QueueDirectory, runAs!.User, runAs.Group, passable); // others pass through to the sockets and the drop directory; they cannot list it
            OwnedDirectory.Ensure(paths.JournalDirectory, runAs.User, runAs.Group, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            DropDrain.Prepare(drop, runAs.User, runAs.Group);
            if (SystemUser.IsRoot)
            {
                foreach (string owned in options.Owned)
                {
                    if (PosixCalls.LChown(owned, runAs.User.Uid, runAs.Group) != 0) throw new IOException($"{owned}: chown: {Marshal.GetLastPInvokeErrorMessage()}");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DaemonStartException(SysExit.Configuration, e.Message, e);
        }

        if (SystemUser.IsRoot && runAs.BlockedBy(paths.QueueDirectory) is { } wall)
        {
            throw new DaemonStartException(SysExit.Configuration, $"{wall}: user {runAs.User.Name} cannot pass through it to {paths.QueueDirectory}; mend with: chmod o+x {wall}");
        }
    }

    /// <summary>Null: there is nothing that only root could do. A site that names a RunAsUser itself gets sendmail's meaning: programs run as that user.</summary>
    private MonitorClient? StartMonitor(SiteConfiguration configuration)
    {
        bool runsPrograms = configuration.Rules is { IsClassic: true } || configuration.Mailers.Any(static mailer => mailer.Kind == MailerKind.Program && mailer.Name != "prog");
        return SystemUser.IsRoot && configuration.RunAsUser is null && runsPrograms && source is FileSiteSource file && OwnProgram.Command is { } own ? MonitorProcess.Start(own, file) : null;
    }

    private void DropPrivileges()
    {
        if (!SystemUser.IsRoot) return;
        try
        {
            Privileges.DropTo(runAs!.User, runAs.Group);
        }
        catch (PrivilegeException e)
        {
            throw new DaemonStartException(SysExit.OsError, $"privileges cannot be given up, not started: {e.Message}", e);
        }
    }

    private async Task<JournalQueueStore> OpenStoreAsync(DaemonPaths paths)
    {
        try
        {
            JournalQueueStore opened = await JournalQueueStore.OpenAsync(paths.JournalDirectory, null, time);
            opened.DamageFound += damage => log.Say($"queue: {damage}");
            return opened;
        }
        catch (QueueStoreInUseException e)
        {
            throw new DaemonStartException(SysExit.OsError, e.Message, e);
        }
        catch (QueueStoreUnavailableException e)
        {
            throw new DaemonStartException(SysExit.IoError, e.Message, e);
        }
    }

    private async Task ServeControlAsync(Socket socket)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        await new ControlSession(this, socket).RunAsync(patience.Token);
    }

    /// <summary>At start, then every few seconds: the drop directory (what is left there while the daemon runs came by a race, and may wait that long), certificates.</summary>
    private async Task KeepHouseAsync(DropDrain drain)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(15), time);
        try
        {
            do
            {
                try
                {
                    await drain.RunOnceAsync(stopping.Token);
                    site!.ReloadChangedCertificates();
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    log.Say("drop: " + e.Message); // looked at again at the next turn
                }
            }
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
