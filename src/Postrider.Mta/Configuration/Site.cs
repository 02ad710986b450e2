using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Postrider.Mail;
using Postrider.Mta.Aliasing;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Mta.Maps;
using Postrider.Mta.Policy;
using Postrider.Mta.Receiving;
using Postrider.Mta.Routing;
using Postrider.Mta.Rules;
using Postrider.Mta.Users;
using Postrider.Queue.Running;
using Postrider.Sendmail;
using Postrider.Smtp.Sasl;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Configuration;

/// <summary>What runs: a snapshot that is cut from a <see cref="SiteConfiguration"/>, one small settings record for each engine, the tables opened. A reload binds a new one.</summary>
/// <remarks>Immutable but for the tables, which read themselves again when their files change. Thread-safe.</remarks>
public sealed class Site
{
    private Site(SiteConfiguration configuration, LocalNames local, IVirtualMailboxes? mailboxes, SiteRules? rules, AliasMaps aliases, ILocalUserDirectory accounts, SiteUsers users)
    {
        Configuration = configuration;
        Mailboxes = mailboxes;
        Mailers = MailerBinder.Table(configuration);
        Rules = rules;
        Rulesets = rules switch
        {
            null => NativeRulesets.Table,
            { IsClassic: true } => new RulesetTable(InterpretedRuleset.Of(rules)),
            _ => NativeRulesets.Table.With(InterpretedRuleset.Of(rules)),
        };
        ExpansionSettings expansion = new() { HostName = configuration.HostName, MaxDepth = configuration.Aliases.MaxDepth, MeToo = configuration.Aliases.MeToo };
        if (rules is not null && configuration.Rules!.ResolvesAddresses)
        {
            RulesetRouter router = new(rules, new RulesetRouterSettings { Local = local, Users = accounts });
            Router = router;
            Expander = new RecipientExpander(expansion, aliases, new RulesetRecipientResolver(router), accounts);
        }
        else
        {
            bool hasAccounts = Mailers.TryFind("local", out MailerDefinition? deliverer) && deliverer is { Kind: MailerKind.Program };
            RoutingSettings routing = new() { HostName = configuration.HostName, Local = local, SmartHost = configuration.SmartHost, Mailboxes = mailboxes, Accounts = hasAccounts ? accounts : null, HasRedirect = configuration.Aliases.HasRedirect };
            Router router = new(routing);
            Router = router;

            // Without accounts the names are those of the mailbox table: nobody's full name is shown for them.
            if (!aliases.IsEmpty || routing.HasRedirect) Expander = new RecipientExpander(expansion, aliases, new NativeRecipientResolver(router, routing), hasAccounts ? accounts : null);
        }

        Policy = new PolicySettings
        {
            HostName = configuration.HostName,
            RelayDomains = new RelayDomains(configuration.RelayDomains),
            TrustedMechanisms = configuration.Auth.TrustedMechanisms.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            Privacy = configuration.Privacy,
            AcceptUnresolvableDomains = configuration.AcceptUnresolvableDomains,
            AcceptUnqualifiedSenders = configuration.AcceptUnqualifiedSenders,
        };
        Receiving = new ReceivingSettings
        {
            HostName = configuration.HostName,
            Version = ProductVersion.Text,
            ConfigurationVersion = configuration.ConfigurationVersion ?? ProductVersion.Text,
            MaxMessageSize = configuration.Limits.MaxMessageSize,
            MaxHeaders = configuration.Limits.MaxHeaders,
            MaxHops = configuration.Limits.MaxHops,
            MaxRecipients = configuration.Limits.MaxRecipients,
            TrustedUsers = configuration.TrustedUsers,
            ResolvesLoopback = !configuration.NameServers.IsEmpty || rules is { IsClassic: true },
        };
        Server = ServerSettings(configuration);
        QueueRunner = new QueueRunnerSettings
        {
            MaxAttempts = configuration.Queue.MaxRunners,
            Retry = new QueueRetrySettings { MinInterval = configuration.Queue.MinRetry, MaxInterval = configuration.Queue.MaxRetry },
            Warn = configuration.Timeouts.QueueWarn > TimeSpan.Zero ? configuration.Timeouts.QueueWarn : null,
            Return = configuration.Timeouts.QueueReturn,
        };
        Users = users.Store;
        Sasl = users.Stores is { } stores ? new SaslServer(SiteUsers.Offer(configuration.Auth), stores) : null;
        Tls = new TlsPaths
        {
            CaCertPath = configuration.Tls.CaCertPath,
            CaCertFile = configuration.Tls.CaCertFile,
            ServerCertFile = configuration.Tls.ServerCertFile,
            ServerKeyFile = configuration.Tls.ServerKeyFile,
            ClientCertFile = configuration.Tls.ClientCertFile,
            ClientKeyFile = configuration.Tls.ClientKeyFile,
        };
    }

    public SiteConfiguration Configuration { get; }

    public MailerTable Mailers { get; }

    public SmtpServerSettings Server { get; }

    public ReceivingSettings Receiving { get; }

    public PolicySettings Policy { get; }

    public IRouter Router { get; }

    /// <summary>Null: there are no aliases, every recipient stands for itself.</summary>
    public IRecipientExpander? Expander { get; }

    /// <summary>Native, the site's own, or both.</summary>
    public RulesetTable Rulesets { get; }

    /// <summary>What the site's own rules run on; null: the site was made in code.</summary>
    public SiteRules? Rules { get; }

    public QueueRunnerSettings QueueRunner { get; }

    /// <summary>Null: AUTH is not offered.</summary>
    public SaslServer? Sasl { get; }

    /// <summary>Those who may authenticate; null: there is no store.</summary>
    public UserStore? Users { get; }

    public TlsPaths Tls { get; }

    /// <summary>Null: there are no local mailboxes.</summary>
    public IVirtualMailboxes? Mailboxes { get; }

    /// <summary>Binds a configuration: opens its tables, cuts its settings.</summary>
    /// <param name="configuration">Valid.</param>
    /// <param name="ownAddresses">Of this host's interfaces, for class w.</param>
    /// <param name="time">For the tables' looks at their files.</param>
    /// <param name="diagnostics">Everything found; the site is null exactly when one is an error.</param>
    /// <param name="services">Null: no DNS for maps, the accounts of this machine.</param>
    public static Site? Bind(SiteConfiguration configuration, IEnumerable<IPAddress> ownAddresses, TimeProvider time, out ImmutableArray<Diagnostic> diagnostics, SiteServices? services = null)
    {
        services ??= new SiteServices();
        ImmutableArray<Diagnostic>.Builder found = ImmutableArray.CreateBuilder<Diagnostic>();
        LocalNames local = new(configuration.LocalDomains.Append(configuration.HostName).Append("localhost"), ownAddresses);
        MapServices forMaps = new()
        {
            Time = time,
            HostName = configuration.HostName,
            Dns = services.Dns,
            IsLocal = domain => local.Contains(domain),
            Option = name => configuration.Rules?.Document.Option(name)?.Value,
            TrustedOwner = services.TrustedOwner,
            Users = services.Users,
            Log = services.Log,
            Problem = services.Problem,
            Door = services.Door,
        };
        SiteRules? rules = configuration.Rules is { } said ? SiteRulesBinder.Bind(said, services.MapTypes, forMaps, found.Add) : null;
        SiteUsers users = SiteUsers.Open(configuration, time, services.Problem, found.Add);
        AliasMaps aliases = AliasMapBinder.Bind(configuration.Aliases, isOptional: rules is not { IsClassic: true }, services.MapTypes, forMaps, found.Add);
        Task<string?> postmaster = aliases.FindAsync("postmaster", CancellationToken.None).AsTask(); // of a file it is known at once
        bool hasPostmaster = postmaster is { IsCompletedSuccessfully: true, Result: not null };
        MailboxTable? mailboxes = configuration.VirtualMailboxes is { } table ? Open(configuration, table, hasPostmaster, time, found) : null;
        diagnostics = found.ToImmutable();
        return found.Any(static one => one.Severity == Severity.Error) ? null : new Site(configuration, local, mailboxes, rules, aliases, services.Users, users);
    }

    /// <summary>What a session of this listener is told about it.</summary>
    public static ListenerFacts FactsOf(ListenerConfiguration listener, IPEndPoint? local) => new(listener.Name, local)
    {
        Modifiers = listener.Modifiers,
        RequiresAuth = listener.Modifiers.Contains('a', StringComparison.Ordinal),
        IsImplicitTls = listener.Modifiers.Contains('s', StringComparison.Ordinal),
        NoStartTls = listener.Modifiers.Contains('S', StringComparison.Ordinal),
        NoEtrn = listener.Modifiers.Contains('E', StringComparison.Ordinal),
        NoAuth = listener.Modifiers.Contains('A', StringComparison.Ordinal),
    };

    private static MailboxTable? Open(SiteConfiguration site, VirtualMailboxConfiguration configured, bool hasPostmaster, TimeProvider time, ImmutableArray<Diagnostic>.Builder found)
    {
        int colon = configured.MapSpec.IndexOf(':', StringComparison.Ordinal);
        string file = configured.MapSpec[(colon + 1)..];
        if (colon < 0 || !configured.MapSpec.StartsWith("text:", StringComparison.Ordinal))
        {
            found.Add(new Diagnostic(Severity.Error, "", 0, $"mailbox table {configured.MapSpec}: only text:FILE is served yet"));
            return null;
        }

        MailboxTable? table = MailboxTable.Open(file, configured.BaseDirectory, time, out IReadOnlyList<string> problems);
        foreach (string problem in problems) found.Add(new Diagnostic(Severity.Error, "", 0, problem));

        // RFC 5321 §4.5.1: postmaster must be there, for the host and for each domain that mail is taken for.
        if (table is not null && !hasPostmaster && !table.Rows.Any(static row => row.Key == "postmaster"))
        {
            foreach (string domain in site.LocalDomains.Where(domain => domain != "localhost" && !table.Rows.Any(row => row.Key.Equals("postmaster@" + domain, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal))
                found.Add(new Diagnostic(Severity.Warning, file, 0, $"mail for postmaster@{domain} has no mailbox", "add a line: postmaster MAILBOX, or an alias"));
        }

        return table;
    }

    private static SmtpServerSettings ServerSettings(SiteConfiguration site) => new()
    {
        HostName = site.HostName,
        Product = "Postrider " + ProductVersion.Text,
        Greeting = site.Greeting is { } greeting ? now => Greeting(greeting, site, now) : null,
        Timeouts = new SmtpServerTimeouts
        {
            Command = site.Timeouts.Command,
            DataBlock = site.Timeouts.DataBlock,
            StartTls = site.Timeouts.StartTls,
            Auth = site.Timeouts.Auth,
            Write = site.Timeouts.Command,
        },
        MaxMessageSize = site.Limits.MaxMessageSize,
        MaxRecipients = site.Limits.MaxRecipients,
        BadRcptThrottle = site.Limits.BadRcptThrottle,
        BadRcptShutdown = site.Limits.BadRcptShutdown,
        MaxNoopCommands = site.Limits.MaxNoopCommands,
        DeliverByMin = site.Limits.DeliverByMin,
        AllowBogusHelo = site.Limits.AllowBogusHelo,
        RejectNul = site.Limits.RejectNul,
        Privacy = PrivacyOf(site.Privacy),
    };

    /// <summary>SmtpGreetingMessage with " ESMTP" behind its first word, as sendmail puts it there (reference §6.1).</summary>
    private static string Greeting(string message, SiteConfiguration site, DateTimeOffset now)
    {
        string text = MacroText.Expand(message, name => name switch
        {
            "j" => site.HostName,
            "w" => site.HostName.Split('.')[0],
            "n" => site.MailerName,
            "v" => ProductVersion.Text,
            "Z" => site.ConfigurationVersion ?? ProductVersion.Text,
            "b" => ArpaDate.Format(now),
            _ => null,
        }).ReplaceLineEndings(" ");
        int blank = text.IndexOf(' ', StringComparison.Ordinal);
        if (text.Length == 0) return site.HostName + " ESMTP";
        return blank < 0 ? text + " ESMTP" : string.Concat(text.AsSpan(0, blank), " ESMTP", text.AsSpan(blank));
    }

    private static SmtpPrivacy PrivacyOf(PrivacyFlags flags)
    {
        SmtpPrivacy privacy = SmtpPrivacy.None;
        foreach ((PrivacyFlags flag, SmtpPrivacy shown) in (ReadOnlySpan<(PrivacyFlags, SmtpPrivacy)>)
            [
                (PrivacyFlags.NeedMailHelo, SmtpPrivacy.NeedMailHelo), (PrivacyFlags.NeedExpnHelo, SmtpPrivacy.NeedExpnHelo),
                (PrivacyFlags.NeedVrfyHelo, SmtpPrivacy.NeedVrfyHelo), (PrivacyFlags.NoExpn, SmtpPrivacy.NoExpn), (PrivacyFlags.NoVrfy, SmtpPrivacy.NoVrfy),
                (PrivacyFlags.NoVerb, SmtpPrivacy.NoVerb), (PrivacyFlags.NoEtrn, SmtpPrivacy.NoEtrn), (PrivacyFlags.NoReceipts, SmtpPrivacy.NoReceipts),
                (PrivacyFlags.NoReflection, SmtpPrivacy.NoReflection),
            ])
        {
            if (flags.HasFlag(flag)) privacy |= shown;
        }

        return privacy;
    }
}
