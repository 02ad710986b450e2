using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Delivery;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Mta.Dns;
using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Policy;
using Postrider.Mta.Receiving;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Sendmail;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Rewriting;
using Postrider.Smtp.Client;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Hosting;

/// <summary>
/// A site with everything that serves it, put together in two steps: what is read from files while the process may still be root (tables, keys), then, with the store at
/// hand, the engines. A reload makes another one; sessions end under the one they began with.
/// </summary>
internal sealed class RunningSite
{
    private readonly Site site;
    private readonly ServerTls serverTls;
    private readonly ClientTls clientTls;
    private readonly TimeProvider time;
    private readonly DaemonLog log;
    private readonly SystemUserDirectory accounts;
    private SmtpServer? server;
    private SmtpServer? localServer;
    private MtaHandlerFactory? handlers;

    private RunningSite(Site site, StubResolver resolver, ServerTls serverTls, ClientTls clientTls, DaemonLog log, TimeProvider time)
    {
        this.site = site;
        Resolver = resolver;
        DeliveryRules = site.Rules is { } rules ? new DeliveryRules(rules, log.Lines) : null;
        this.serverTls = serverTls;
        this.clientTls = clientTls;
        this.log = log;
        this.time = time;
        accounts = new SystemUserDirectory(time);
    }

    public SiteConfiguration Configuration => site.Configuration;

    public Site Site => site;

    /// <summary>The site's rulesets that are asked at delivery; null: it was made in code.</summary>
    public DeliveryRules? DeliveryRules { get; }

    /// <summary>The resolver of this site: its own name servers, or those of the system.</summary>
    public StubResolver Resolver { get; }

    /// <summary>For sessions of the network.</summary>
    public SmtpServer Server => server ?? throw new InvalidOperationException("not complete");

    /// <summary>For sessions over the submission socket: no TLS and no AUTH, the kernel has said who it is.</summary>
    public SmtpServer LocalServer => localServer ?? throw new InvalidOperationException("not complete");

    public ISmtpHandlerFactory Handlers => handlers ?? throw new InvalidOperationException("not complete");

    /// <summary>Agents by mailer name, made by <see cref="Agents"/>; set once, before the site serves.</summary>
    public IReadOnlyDictionary<string, IDeliveryAgent> Deliverers { get => field ?? throw new InvalidOperationException("not complete"); set; }

    /// <summary>Step one: opens tables, loads keys.</summary>
    /// <param name="runAs">Whose files are trusted besides root's.</param>
    /// <param name="door">Opens maps' files that this process may not read; null: nobody does.</param>
    /// <returns>Null, with what is wrong, when there is an error.</returns>
    public static RunningSite? Read(SiteConfiguration configuration, string? configurationFile, RunAsUser runAs, FileDoor? door, DaemonLog log, TimeProvider time, out ImmutableArray<string> diagnostics)
    {
        List<Diagnostic> found = [.. FileSafety.Check(configuration, configurationFile, runAs.User.Uid)];
        Site? bound = null;
        StubResolver resolver = new(StubResolverSettings.Of(configuration.NameServers), time);
        if (!found.Exists(static one => one.Severity == Severity.Error))
        {
            bound = Site.Bind(configuration, BindingHost.OwnAddresses(), time, out ImmutableArray<Diagnostic> diagnosed, new SiteServices { Dns = resolver, TrustedOwner = runAs.User.Uid, Problem = log.Say, Log = log.ByRule, Door = door });
            found.AddRange(diagnosed);
        }

        List<string> text = [.. found.Select(static one => one.ToString())];
        RunningSite? running = null;
        if (bound is not null)
        {
            TlsPaths paths = bound.Tls with { TrustedOwner = runAs.User.Uid };
            running = new RunningSite(bound, resolver, new ServerTls(paths, time), new ClientTls(paths, time), log, time);
            if (paths.ServerCertFile is not null) text.AddRange(running.serverTls.Diagnostics);
            text.AddRange(running.clientTls.Diagnostics);
            if (configuration.VirtualMailboxes is { BaseDirectory: { } mailboxes } && !Directory.Exists(mailboxes))
                text.Add($"{mailboxes}: there is no such directory, and local mail waits in the queue; mend with: install -d -o {runAs.User.Name} -m 700 {mailboxes}");
        }

        diagnostics = [.. text.Distinct(StringComparer.Ordinal)];
        return running;
    }

    /// <summary>Step two: the engines, with the store.</summary>
    public void Complete(IQueueStore store, IDnsResolver dns, Action<QueueFilter> startQueueRun, ClientCounters? counters = null)
    {
        foreach (string problem in site.Users?.Check() ?? []) log.Say(problem);
        handlers = new MtaHandlerFactory(new ReceivingEngine
        {
            Settings = site.Receiving with { ResolvesLoopback = site.Receiving.ResolvesLoopback || ResolvConf.Read(new StubResolverSettings().ResolvConfPath).IsThisHost },
            Policy = site.Policy,
            Rulesets = site.Rulesets,
            Rules = site.Rules,
            Router = site.Router,
            Expander = site.Expander,
            Queue = store,
            Dns = dns,
            Time = time,
            Log = new ReceivingLog(log.Lines),
            Counters = counters,
            StartQueueRun = startQueueRun,
        });
        server = new SmtpServer(site.Server, handlers, time) { Tls = serverTls, Sasl = site.Sasl };
        localServer = new SmtpServer(site.Server, handlers, time);
    }

    /// <summary>Agents by mailer name, as routing names them.</summary>
    /// <param name="caches">Connection caches that the caller disposes.</param>
    /// <param name="runner">Starts programs; null: there is nobody who could.</param>
    /// <param name="spoolDirectory">For messages while a program reads them.</param>
    public IReadOnlyDictionary<string, IDeliveryAgent> Agents(IDnsResolver dns, List<ConnectionCache> caches, IMailerRunner? runner, string spoolDirectory)
    {
        SiteConfiguration configuration = Configuration;
        SmtpDeliverySettings settings = new()
        {
            Client = new SmtpClientSettings
            {
                HeloName = configuration.HeloName ?? configuration.HostName,
                StartTls = clientTls.AuthenticateAsync,
                Timeouts = ClientTimeouts(configuration.Timeouts),
            },
            Connect = configuration.Timeouts.Connect,
            Policy = DeliveryRules is { } rules ? rules.PolicyFor : null,
        };
        MailHostResolver hosts = new(dns, configuration.HostName, configuration.LocalDomains);
        Dictionary<string, IDeliveryAgent> agents = new(StringComparer.OrdinalIgnoreCase);
        ConnectionCache cache = new(new ConnectionCacheSettings(), time);
        caches.Add(cache);
        SmtpDeliveryAgent smtp = new(settings, hosts, cache, time, log.Factory.CreateLogger<SmtpDeliveryAgent>());
        foreach (string mailer in (ReadOnlySpan<string>)["smtp", "esmtp", "smtp8", "dsmtp", "relay"]) agents.Add(mailer, smtp);
        foreach (MailerDefinition mailer in site.Mailers.All.Where(static mailer => mailer.Kind == MailerKind.Smtp))
        {
            // Most are alike, and share their connections; one that speaks otherwise has its own.
            SmtpDeliverySettings own = settings with { Port = mailer.Port ?? 25, MaxRecipients = mailer.MaxRecipients, Client = settings.Client with { IsLmtp = mailer.Has('z') } };
            if (own == settings && mailer.MaxMessages == 0)
            {
                agents[mailer.Name] = smtp;
                continue;
            }

            ConnectionCacheSettings kept = new();
            ConnectionCache connections = new(mailer.MaxMessages > 0 ? kept with { MaxMessages = mailer.MaxMessages } : kept, time);
            caches.Add(connections);
            agents[mailer.Name] = new SmtpDeliveryAgent(own, hosts, connections, time, log.Factory.CreateLogger<SmtpDeliveryAgent>());
        }

        if (configuration.VirtualMailboxes is { } mailboxes)
        {
            agents.Add("maildir", new MaildirDeliveryAgent(new MaildirSettings(mailboxes.BaseDirectory, configuration.HostName), time, log.Factory.CreateLogger<MaildirDeliveryAgent>()));
        }

        IMacroSource macros = site.Rules?.Macros ?? new MacroTable();
        foreach (MailerDefinition mailer in site.Mailers.All.Where(mailer => mailer.Kind is MailerKind.Program or MailerKind.File && !agents.ContainsKey(mailer.Name)))
        {
            if (runner is null) break;
            ProgramDeliverySettings program = new() { Mailer = mailer, FromLine = site.Mailers.FromLine, SpoolDirectory = spoolDirectory, LocalSender = LocalSenderAsync, Macros = macros };
            agents.Add(mailer.Name, new ProgramDeliveryAgent(program, runner, time, log.Factory.CreateLogger<ProgramDeliveryAgent>()));
        }

        if (site.Rules is { IsClassic: true } rulesets)
        {
            foreach (MailerDefinition mailer in site.Mailers.All)
            {
                if (agents.TryGetValue(mailer.Name, out IDeliveryAgent? agent))
                    agents[mailer.Name] = new RewritingAgent(agent, new MailerRewriting(rulesets, mailer, SenderMailerAsync), mailer, cutsLines: mailer.Kind == MailerKind.Smtp);
            }
        }

        agents.Add("discard", new DiscardAgent());
        agents.Add("error", new ErrorAgent());
        return agents;
    }

    /// <summary>Certificates that changed on the disk are taken over; called from time to time.</summary>
    public void ReloadChangedCertificates()
    {
        if (!serverTls.ReloadIfChanged()) return;
        clientTls.Reload();
        log.Say("certificates read again");
        foreach (string diagnostic in serverTls.Diagnostics) log.Say(diagnostic);
    }

    /// <summary>The user of the system behind a local sender: sendmail runs programs in his name when the mailer says nothing else.</summary>
    private async ValueTask<string?> LocalSenderAsync(ReversePath sender, CancellationToken cancellationToken)
    {
        if (sender.IsNull) return null;
        AddressReading reading = await site.Router.ReadAsync(sender.Address, AddressKind.Sender, rewriting: null, cancellationToken);
        if (reading.Address is not { IsLocal: true } address) return null;
        string user = address.Triple?.User ?? AddressCanonifier.Dequoted(address.LocalPart, force: true).ToLowerInvariant();
        return await accounts.ExistsAsync(user, cancellationToken) ? user : null;
    }

    /// <summary>The mailer that mail to the sender would take.</summary>
    private async ValueTask<MailerDefinition?> SenderMailerAsync(ReversePath sender, RewriteContext context, CancellationToken cancellationToken)
    {
        if (!site.Mailers.All.Any(static mailer => mailer.Has('C'))) return null;
        AddressReading reading = await site.Router.ReadAsync(sender.Address, AddressKind.Sender, context, cancellationToken);
        return reading.Address?.Triple is { } triple && site.Mailers.TryFind(triple.Mailer, out MailerDefinition? mailer) ? mailer : null;
    }

    private static SmtpClientTimeouts ClientTimeouts(TimeoutConfiguration timeouts) => new()
    {
        Initial = timeouts.Initial,
        Helo = timeouts.Helo,
        StartTls = timeouts.StartTls,
        Mail = timeouts.Mail,
        Rcpt = timeouts.Rcpt,
        DataInit = timeouts.DataInit,
        DataBlock = timeouts.DataBlock,
        DataFinal = timeouts.DataFinal,
        Rset = timeouts.Rset,
        Quit = timeouts.Quit,
    };
}
