using System.Collections.Frozen;
using System.Net;
using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Policy;
using Postrider.Mta.Receiving;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Smtp.Server;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Receiving;

/// <summary>The oracle's site (mx.oracle.test, local domain oracle.test, users alice, bob, root, postmaster), with what a test changes.</summary>
internal sealed class ReceivingSite
{
    public static readonly LocalNames Local = new(["mx.oracle.test", "localhost", "oracle.test"], [IPAddress.Loopback, IPAddress.Parse("127.0.1.1"), IPAddress.IPv6Loopback]);

    public RecordingQueue Queue { get; } = new();

    public RecordingLog Log { get; } = new();

    public FakeDns Dns { get; } = new();

    public FakeMailboxes Mailboxes { get; } = new("alice", "bob", "root", "postmaster", "carol@oracle.test", "alice+box");

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 20, 23, 42, 57, TimeSpan.Zero));

    public string[] RelayDomains { get; init; } = [];

    public string[] TrustedMechanisms { get; init; } = [];

    public PrivacyFlags Privacy { get; init; }

    public bool AcceptUnresolvableDomains { get; init; }

    public string? SmartHost { get; init; }

    public long MaxMessageSize { get; init; }

    public int MaxHeaders { get; init; } = 32768;

    public int MaxRecipients { get; init; }

    public int MaxHops { get; init; } = 25;

    public Ruleset[] SiteRulesets { get; init; } = [];

    public List<QueueFilter> QueueRuns { get; } = [];

    public static SmtpSessionFacts SessionFrom(string? address) => new(
        "6AKNGb00000000",
        new ListenerFacts("MTA", new IPEndPoint(IPAddress.Loopback, 25)),
        address is null ? null : new IPEndPoint(IPAddress.Parse(address), 40000),
        new DateTimeOffset(2026, 11, 20, 23, 42, 57, TimeSpan.Zero))
    { LocalUser = address is null ? "bob" : null };

    public MtaSessionHandler Handler(SmtpSessionFacts session) => new(
        new ReceivingEngine
        {
            Settings = new ReceivingSettings
            {
                HostName = "mx.oracle.test",
                Version = "0.1.0",
                ConfigurationVersion = "0.1.0",
                MaxMessageSize = MaxMessageSize,
                MaxHeaders = MaxHeaders,
                MaxRecipients = MaxRecipients,
                MaxHops = MaxHops,
                ResolvesLoopback = true,
            },
            Policy = new PolicySettings
            {
                HostName = "mx.oracle.test",
                RelayDomains = new RelayDomains(RelayDomains),
                TrustedMechanisms = TrustedMechanisms.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
                Privacy = Privacy,
                AcceptUnresolvableDomains = AcceptUnresolvableDomains,
            },
            Rulesets = NativeRulesets.Table.With(SiteRulesets),
            Router = new Router(new RoutingSettings { HostName = "mx.oracle.test", Local = Local, SmartHost = SmartHost, Mailboxes = Mailboxes }),
            Queue = Queue,
            Dns = Dns,
            Time = Time,
            Log = Log,
            StartQueueRun = QueueRuns.Add,
        },
        session);

    public async Task<MtaSessionHandler> ConnectAsync(string? address, bool helo = true, AuthFacts? auth = null)
    {
        SmtpSessionFacts session = SessionFrom(address);
        MtaSessionHandler handler = Handler(session);
        Assert.Null(await handler.ConnectAsync(CancellationToken.None));
        if (helo)
        {
            session.HeloName = "client.example";
            session.IsExtended = true;
        }

        session.Auth = auth;
        return handler;
    }

    /// <summary>The path as a session gives it: brackets off, source route kept in the text as written.</summary>
    public static (ForwardPath Path, RcptParameters Parameters) Rcpt(string written) =>
        (ForwardPath.Of(Inner(written)), new RcptParameters { PathAsWritten = written });

    public static (ReversePath Path, MailParameters Parameters) Mail(string written) =>
        (ReversePath.Of(Inner(written)), new MailParameters { PathAsWritten = written });

    private static string Inner(string written) => written.StartsWith('<') && written.EndsWith('>') ? written[1..^1] : written;
}
