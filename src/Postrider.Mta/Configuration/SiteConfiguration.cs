using System.Collections.Immutable;
using Postrider.Mta.Delivery.Mailers;

namespace Postrider.Mta.Configuration;

/// <summary>
/// What the site means: immutable, validated whole, the same whether it was read from a <c>sendmail.cf</c>, from JSON or made in C#. No engine takes it; each
/// engine takes its own small settings record that is cut from it when the <c>Site</c> is bound.
/// </summary>
/// <remarks>Defaults are those of sendmail 8.17 unless the property says otherwise. Paths are absolute.</remarks>
public sealed record SiteConfiguration
{
    /// <summary><c>$j</c>, confDOMAIN_NAME: the official name of this host.</summary>
    public required string HostName { get; init; }

    /// <summary><c>$n</c>, confMAILER_NAME.</summary>
    public string MailerName { get; init; } = "MAILER-DAEMON";

    /// <summary><c>$Z</c>, confCF_VERSION; null: the program's version.</summary>
    public string? ConfigurationVersion { get; init; }

    /// <summary>In the order of DAEMON_OPTIONS.</summary>
    public required ImmutableArray<ListenerConfiguration> Listeners { get; init; }

    /// <summary>Class w: names for which mail is local. Compared ignoring case; always holds <see cref="HostName"/> and localhost.</summary>
    public required ImmutableHashSet<string> LocalDomains { get; init; }

    /// <summary>Class R, RELAY_DOMAIN: domains, host names and address prefixes that may be relayed to and from.</summary>
    public ImmutableHashSet<string> RelayDomains { get; init; } = [];

    /// <summary>SMART_HOST: <c>host</c>, <c>[host]</c> or <c>[host]:port</c>, mailer prefix removed. Null: by MX.</summary>
    public string? SmartHost { get; init; }

    /// <summary>FEATURE(virtual_mailboxes). Null: there are no local mailboxes.</summary>
    public VirtualMailboxConfiguration? VirtualMailboxes { get; init; }

    public AliasConfiguration Aliases { get; init; } = new();

    public TlsConfiguration Tls { get; init; } = new();

    public AuthConfiguration Auth { get; init; } = new();

    public QueueConfiguration Queue { get; init; } = new();

    public LimitConfiguration Limits { get; init; } = new();

    public TimeoutConfiguration Timeouts { get; init; } = new();

    public PrivacyFlags Privacy { get; init; }

    /// <summary>Class t: users who may say who the sender is (<c>-f</c>). Always holds root.</summary>
    public ImmutableHashSet<string> TrustedUsers { get; init; } = ["root"];

    /// <summary>TrustedUser: administers the daemon besides root. Null: nobody.</summary>
    public string? TrustedUser { get; init; }

    /// <summary>FEATURE(accept_unresolvable_domains): nothing is looked up about a sender's domain.</summary>
    public bool AcceptUnresolvableDomains { get; init; }

    /// <summary>FEATURE(accept_unqualified_senders).</summary>
    public bool AcceptUnqualifiedSenders { get; init; }

    /// <summary>RunAsUser as <c>user</c> or <c>user:group</c>. Null: <c>postrider</c> when started as root.</summary>
    public string? RunAsUser { get; init; }

    /// <summary>ControlSocketName. Default: <c>control</c> in the queue directory.</summary>
    public string? ControlSocket { get; init; }

    public string? PidFile { get; init; }

    /// <summary>LogLevel, 9 as confLOG_LEVEL.</summary>
    public int LogLevel { get; init; } = 9;

    /// <summary>SmtpGreetingMessage, macros not yet expanded; null: <c>$j Postrider $v/$Z; $b</c>.</summary>
    public string? Greeting { get; init; }

    /// <summary>HeloName; null: <see cref="HostName"/>.</summary>
    public string? HeloName { get; init; }

    /// <summary>FEATURE(name_servers): DNS servers (<c>address</c> or <c>address:port</c>) instead of those of /etc/resolv.conf; empty: those.</summary>
    public ImmutableArray<string> NameServers { get; init; } = [];

    /// <summary>Postmaster and double bounces: DoubleBounceAddress, default <c>postmaster</c>; empty: drop.</summary>
    public string DoubleBounceAddress { get; init; } = "postmaster";

    /// <summary>Rulesets, macros, classes, maps, mailers and headers as the cf says them. Null: the site was made in code.</summary>
    public RulesConfiguration? Rules { get; init; }

    /// <summary>M lines, sendmail's own mailers first.</summary>
    public ImmutableArray<MailerDefinition> Mailers { get; init; } = [];

    /// <summary>DefaultUser: who runs programs and writes files that nobody stands for. Null: mailnull, sendmail or daemon.</summary>
    public string? DefaultUser { get; init; }

    /// <summary>UnixFromLine, macros not yet expanded.</summary>
    public string FromLine { get; init; } = "From $g $d";

    /// <summary>SafeFileEnvironment: null: files are written anywhere.</summary>
    public string? SafeFileEnvironment { get; init; }

    /// <summary>What programs find in their environment: AGENT, and what E lines say.</summary>
    public ImmutableArray<string> ProgramEnvironment { get; init; } = ["AGENT=sendmail"];

    /// <summary>Every FEATURE the file names, with its arguments: what no property holds yet is refused by the binder, never skipped.</summary>
    public ImmutableDictionary<string, string> Features { get; init; } = ImmutableDictionary<string, string>.Empty;
}
