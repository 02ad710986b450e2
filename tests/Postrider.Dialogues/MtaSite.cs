using System.Collections.Frozen;
using System.Net;
using System.Text;
using Postrider.Mail;
using Postrider.Mta.Dns;
using Postrider.Mta.Policy;
using Postrider.Mta.Receiving;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Queue.Journal;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;
using Postrider.Testing;

namespace Postrider.Dialogues;

/// <summary>The house's own receiving: native policy, routing and a journal in memory. Host mx.example.com, local domain example.com, mailboxes alice, bob, postmaster.</summary>
internal sealed class MtaSite : IDialogueSite, IVirtualMailboxes, IReceivingLog
{
    private readonly List<CommittedMessage> committed = [];
    private readonly List<string> log = [];

    public bool AcceptsUnresolvable { get; init; }

    public string? TrustedMechanism { get; init; }

    public string? RelayDomain { get; init; }

    public WatchedTimeProvider Clock { get; } = new();

    public IReadOnlyList<CommittedMessage> Committed => committed;

    public IReadOnlyList<string> Log => log;

    public async Task ServeAsync(Stream transport, string client)
    {
        string[] words = client.Split(' ');
        IPEndPoint? remote = words[0] == "stdin" ? null : new IPEndPoint(IPAddress.Parse(words[0]), 40000);
        SmtpSessionFacts facts = new("session", new ListenerFacts("MTA", null), remote, Clock.GetUtcNow()) { LocalUser = remote is null ? words[1] : null };
        await using JournalQueueStore queue = await JournalQueueStore.OpenAsync(new MemoryJournalDisk(), null, Clock);
        ReceivingEngine engine = new()
        {
            Settings = new ReceivingSettings { HostName = "mx.example.com", Version = "0.1.0", ConfigurationVersion = "0.1.0", ResolvesLoopback = true },
            Policy = new PolicySettings
            {
                HostName = "mx.example.com",
                AcceptUnresolvableDomains = AcceptsUnresolvable,
                RelayDomains = new RelayDomains(RelayDomain is null ? [] : [RelayDomain]),
                TrustedMechanisms = (TrustedMechanism is null ? [] : new[] { TrustedMechanism }).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            },
            Router = new Router(new RoutingSettings
            {
                HostName = "mx.example.com",
                Local = new LocalNames(["mx.example.com", "example.com", "localhost"], [IPAddress.Loopback]),
                Mailboxes = this,
            }),
            Queue = queue,
            Dns = new Zone(words),
            Time = Clock,
            Log = this,
        };
        SmtpServer server = new(new SmtpServerSettings { HostName = "mx.example.com", Product = "Postrider 0.1.0" }, new MtaHandlerFactory(engine), Clock);
        await server.RunAsync(transport, facts, CancellationToken.None);
        foreach (QueueEntry entry in await queue.ListAsync(QueueFilter.Everything, CancellationToken.None))
        {
            await using Stream content = (await queue.OpenContentAsync(entry.Envelope.Id, CancellationToken.None))!;
            using StreamReader reader = new(content, Encoding.Latin1);
            committed.Add(new CommittedMessage(
                $"{entry.Envelope.ReversePath} -> {string.Join(", ", entry.Envelope.Recipients.Select(static one => one.Address.ToString()))}", await reader.ReadToEndAsync()));
        }
    }

    public ValueTask<VirtualMailbox?> FindAsync(string key, CancellationToken cancellationToken) =>
        new(key.ToLowerInvariant() is "alice" or "bob" or "postmaster" ? new VirtualMailbox(key, "/mail/" + key) : null);

    public void TransactionEnded(TransactionSummary summary) => log.Add($"from={summary.From}, nrcpts={summary.Recipients}");

    public void Rejected(string id, string ruleset, RulesetCallText call, SmtpReply reply) => log.Add($"ruleset={ruleset}, arg1={call.Argument1}, reject={reply}");

    public void SetAside(string id, string ruleset, RulesetCallText call, string? quarantine, ReasonChain reasons) => log.Add($"ruleset={ruleset}, set aside");

    public void AuthenticationWarning(string id, string text) => log.Add(text);

    public void TlsBegan(SmtpSessionFacts session, TlsFacts tls) => log.Add("STARTTLS");

    public void AuthEnded(SmtpSessionFacts session, string mechanism, bool succeeded, string? reason) => log.Add("AUTH");

    public void Notice(string id, string text, ReasonChain reasons) => log.Add(text);

    public void Replied(SmtpSessionFacts session, string id, string command, SmtpReply reply) => log.Add($"{command} -> {reply} ({reply.Reasons})");

    public void SessionEnded(SmtpSessionFacts session, bool isIdle) => log.Add("end");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Knows the client of the dialogue, example.net and example.org; tempfail.test does not answer; nothing else exists.</summary>
    private sealed class Zone(string[] client) : IDnsResolver
    {
        public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken) => new((name, type) switch
        {
            (_, DnsRecordType.Ptr) when client is [_, _, "temp"] => new DnsAnswer(DnsStatus.TemporaryFailure),
            (_, DnsRecordType.Ptr) when client.Length > 1 && name == ReverseName.Of(IPAddress.Parse(client[0])) => new DnsAnswer(DnsStatus.Found) { Texts = [client[1]] },
            (_, DnsRecordType.A) when client.Length > 1 && name == client[1] =>
                new DnsAnswer(DnsStatus.Found) { Addresses = [IPAddress.Parse(client.Length > 2 ? "192.0.2.99" : client[0])] },
            ("example.net" or "example.org", DnsRecordType.Mx) => new DnsAnswer(DnsStatus.Found) { Exchanges = [(10, "mx." + name)] },
            ("nullmx.example.org", DnsRecordType.Mx) => new DnsAnswer(DnsStatus.Found) { Exchanges = [(0, "")] },
            ("tempfail.test", _) => new DnsAnswer(DnsStatus.TemporaryFailure),
            _ => new DnsAnswer(DnsStatus.NoName),
        });
    }
}
