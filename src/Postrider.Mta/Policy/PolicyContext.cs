using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Dns;
using Postrider.Mta.Routing;
using Postrider.Mta.Rules;
using Postrider.Sendmail.Rewriting;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Policy;

/// <summary>What a ruleset may look at: the session, the transaction so far, the site, other rulesets. One per session; macros are read through <see cref="Macro"/>.</summary>
/// <remarks>Not thread-safe; belongs to one session.</remarks>
public sealed class PolicyContext(SmtpSessionFacts session, PolicySettings settings, RulesetTable rulesets, AddressCanonifier canonifier, IDnsResolver? dns)
{
    private RewriteContext? rewriting;
    private SessionMacros? macros;

    public SmtpSessionFacts Session { get; } = session;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary><c>${client_connections}</c>, <c>${client_rate}</c>, <c>${total_rate}</c>; null: not counted.</summary>
    public (int Connections, int Rate, int TotalRate)? Counters { get; set; }

    /// <summary>check_relay said discard: every message of this session is taken and dropped.</summary>
    public bool DiscardsSession { get; set; }

    public PolicySettings Settings { get; } = settings;

    public RulesetTable Rulesets { get; } = rulesets;

    public AddressCanonifier Canonifier { get; } = canonifier;

    /// <summary>Null: nothing is asked of the DNS.</summary>
    public IDnsResolver? Dns { get; } = dns;

    /// <summary><c>$i</c>; null outside a transaction.</summary>
    public string? QueueId { get; set; }

    /// <summary><c>$f</c>; null outside a transaction.</summary>
    public ReversePath? Sender { get; set; }

    /// <summary>The sender resolved; null for the null reverse-path.</summary>
    public CanonicalAddress? SenderAddress { get; set; }

    public MailParameters Parameters { get; set; } = MailParameters.None;

    /// <summary>The recipient that is being decided; null outside RCPT.</summary>
    public CanonicalAddress? Recipient { get; set; }

    /// <summary><c>${nrcpts}</c>.</summary>
    public int Recipients { get; set; }

    /// <summary><c>${nbadrcpts}</c>.</summary>
    public int BadRecipients { get; set; }

    /// <summary>The site's own rules; null: everything is native.</summary>
    public SiteRules? Rules { get; init; }

    /// <summary>Told what goes wrong in the site's rules, in sendmail's words.</summary>
    public Action<string>? Problem { get; init; }

    /// <summary>What the site's rules see: one for the whole session. Null without such rules.</summary>
    public RewriteContext? Rewriting
    {
        get
        {
            if (rewriting is not null || Rules is not { } rules) return rewriting;
            macros = new SessionMacros(this, rules.Macros);
            return rewriting = rules.Begin(macros, name => NativeCall.Find(name, this, rules.Tokenizer), Problem, hostsMayWait: true);
        }
    }

    public bool Has(PrivacyFlags flag) => (Settings.Privacy & flag) != 0;

    /// <summary><c>${client_name}</c> as rulesets see it: a name that was not verified is the address in brackets (oracle 10: "possibly forged [127.2.0.20]").</summary>
    public string ClientName => Session.Remote is null || Session.ClientResolve == ClientResolve.Ok ? Session.ClientName : $"[{Session.ClientAddress}]";

    /// <summary>Standard input, a Unix socket, 127.0.0.1 or ::1: the host itself. No other address of 127/8 (oracle 10).</summary>
    public bool IsLocalClient => Session.Remote is null || IsLoopback(Session.Remote.Address);

    /// <summary>The transaction is over: nothing of it is seen by what comes next.</summary>
    public void ForgetTransaction()
    {
        QueueId = null;
        Sender = null;
        SenderAddress = null;
        Parameters = MailParameters.None;
        Recipient = null;
        Recipients = 0;
        BadRecipients = 0;
        macros?.ForgetTransaction();
    }

    /// <summary>Value of a macro by its sendmail name, braces removed; null when it is not set or not known here.</summary>
    public string? Macro(string name) => name switch
    {
        "j" => Settings.HostName,
        "i" => QueueId,
        "f" => Sender?.Address,
        "r" => Session.Protocol,
        "s" => Session.HeloName,
        "_" => Session.Relay,
        "client_addr" => Session.ClientAddress ?? "0",
        "client_name" => ClientName,
        "client_ptr" => Session.ClientPtr,
        "client_port" => Session.Remote?.Port.ToString(CultureInfo.InvariantCulture),
        "client_resolve" => Session.ClientResolve.ToString().ToUpperInvariant(),
        "auth_type" => Session.Auth?.Mechanism,
        "auth_authen" => Session.Auth?.AuthenticationId,
        "auth_author" => Session.Auth is null ? null : Parameters.Auth ?? Session.Auth.AuthorizationId,
        "auth_ssf" => Session.Auth is null ? null : "0",
        "verify" => Session.Tls?.Verify.ToString().ToUpperInvariant(),
        "tls_version" => Session.Tls?.Version,
        "cipher" => Session.Tls?.Cipher,
        "cipher_bits" => Session.Tls?.CipherBits.ToString(CultureInfo.InvariantCulture),
        "alg_bits" => Session.Tls?.AlgorithmBits.ToString(CultureInfo.InvariantCulture),
        "cert_subject" => Session.Tls?.CertSubject,
        "cert_issuer" => Session.Tls?.CertIssuer,
        "cn_subject" => Session.Tls?.CnSubject,
        "cn_issuer" => Session.Tls?.CnIssuer,
        "b" => ArpaDate.Format(Time.GetLocalNow()),
        "time" => Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        "p" => Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        "client_connections" => Counters?.Connections.ToString(CultureInfo.InvariantCulture),
        "client_rate" => Counters?.Rate.ToString(CultureInfo.InvariantCulture),
        "total_rate" => Counters?.TotalRate.ToString(CultureInfo.InvariantCulture),
        "daemon_name" => Session.Listener.Name,
        "daemon_info" => "SMTP",
        "daemon_flags" => DaemonFlags(Session.Listener.Modifiers),
        "daemon_family" => Session.Remote is null ? null : Family(Session.Remote.Address),
        "if_family" => Session.Listener.Local is { } on ? Family(on.Address) : null,
        "if_addr" => Session.Listener.Local is { } at && !IPAddress.IsLoopback(at.Address) ? SmtpSessionFacts.FormatAddress(at.Address) : null,
        "if_name" => Session.Listener.Local is { } own ? IPAddress.IsLoopback(own.Address) ? "localhost" : Settings.HostName : null,
        "daemon_addr" => Session.Listener.Local is { } local ? SmtpSessionFacts.FormatAddress(local.Address) : null,
        "daemon_port" => Session.Listener.Local?.Port.ToString(CultureInfo.InvariantCulture),
        "mail_addr" => SenderAddress?.Triple?.User ?? SenderAddress?.Address,
        "mail_host" => SenderAddress?.Triple?.Host ?? SenderAddress?.Domain,
        "mail_mailer" => SenderAddress?.Triple?.Mailer,
        "rcpt_addr" => Recipient?.Triple?.User ?? Recipient?.Address,
        "rcpt_host" => Recipient?.Triple?.Host ?? Recipient?.Domain,
        "rcpt_mailer" => Recipient?.Triple?.Mailer,
        "nrcpts" => Recipients.ToString(CultureInfo.InvariantCulture),
        "nbadrcpts" => BadRecipients.ToString(CultureInfo.InvariantCulture),
        "envid" or "dsn_envid" => Parameters.EnvelopeId,
        "dsn_ret" => Parameters.Return switch { DsnReturn.Full => "FULL", DsnReturn.Headers => "HDRS", _ => null },
        "msg_size" => Parameters.Size?.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Family(IPAddress address) => address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork ? "inet" : "inet6";

    /// <summary>Modifiers parted by blanks, those of upper case doubled, so that rules can tell <c>E</c> from <c>e</c> (reference §3).</summary>
    private static string DaemonFlags(string modifiers) =>
        string.Join(' ', modifiers.Where(char.IsAsciiLetter).Select(static letter => char.IsAsciiLetterUpper(letter) ? $"{letter}{letter}" : letter.ToString()));

    private static bool IsLoopback(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback);
    }
}
