using System.Collections.Immutable;
using System.Net;
using System.Text;
using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Receiving;
using Postrider.Queue;
using Postrider.Queue.Journal;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Mc;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;
using Postrider.Testing;

namespace Postrider.Dialogues;

/// <summary>The house as a postmaster has it: .mc → .cf → SiteConfiguration → Site, with its own receiving, policy and journal; only the DNS and the disk are the test's.</summary>
internal sealed class ConfiguredSite : IDialogueSite, IReceivingLog
{
    private readonly Site site;
    private readonly List<CommittedMessage> committed = [];
    private readonly List<string> log = [];

    public ConfiguredSite(string mcFile)
    {
        McResult compiled = McCompiler.CompileFile(mcFile, new McCompileOptions());
        if (!compiled.Succeeded) throw Broken(compiled.Diagnostics);
        SiteBinding binding = SiteBinder.Bind(CfDocument.Parse(compiled.CfText, mcFile), new BindingHost { HostName = "mx.example.com", BaseDirectory = Path.GetDirectoryName(mcFile)! });
        if (binding.Configuration is null) throw Broken(binding.Diagnostics);
        site = Site.Bind(binding.Configuration, [IPAddress.Loopback, IPAddress.Parse("192.0.2.1")], TimeProvider.System, out ImmutableArray<Diagnostic> found) ?? throw Broken(found);
    }

    public WatchedTimeProvider Clock { get; } = new();

    public IReadOnlyList<CommittedMessage> Committed => committed;

    public IReadOnlyList<string> Log => log;

    public async Task ServeAsync(Stream transport, string client)
    {
        string[] words = client.Split(' ');
        IPEndPoint? remote = words[0] == "stdin" ? null : new IPEndPoint(IPAddress.Parse(words[0]), 40000);
        SmtpSessionFacts facts = new("session", Site.FactsOf(site.Configuration.Listeners[0], null), remote, Clock.GetUtcNow()) { LocalUser = remote is null ? words[1] : null };
        await using JournalQueueStore queue = await JournalQueueStore.OpenAsync(new MemoryJournalDisk(), null, Clock);
        ReceivingEngine engine = new()
        {
            Settings = site.Receiving with { ResolvesLoopback = true },
            Policy = site.Policy,
            Router = site.Router,
            Queue = queue,
            Dns = new DialogueDns(client),
            Time = Clock,
            Log = this,
            StartQueueRun = static _ => { },
        };
        await new SmtpServer(site.Server, new MtaHandlerFactory(engine), Clock).RunAsync(transport, facts, CancellationToken.None);
        foreach (QueueEntry entry in await queue.ListAsync(QueueFilter.Everything, CancellationToken.None))
        {
            await using Stream content = (await queue.OpenContentAsync(entry.Envelope.Id, CancellationToken.None))!;
            using StreamReader reader = new(content, Encoding.Latin1);
            string recipients = string.Join(", ", entry.Envelope.Recipients.Select(static one => one.Address.ToString()));
            committed.Add(new CommittedMessage($"{entry.Envelope.ReversePath} -> {recipients}", await reader.ReadToEndAsync()));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void TransactionEnded(TransactionSummary summary) => log.Add("transaction over");

    public void Rejected(string id, string ruleset, RulesetCallText call, SmtpReply reply) => log.Add($"ruleset={ruleset}, reject={reply}");

    public void SetAside(string id, string ruleset, RulesetCallText call, string? quarantine, ReasonChain reasons) => log.Add($"ruleset={ruleset}, set aside");

    public void AuthenticationWarning(string id, string text) => log.Add("Authentication-Warning: " + text);

    public void TlsBegan(SmtpSessionFacts session, TlsFacts tls) => log.Add("STARTTLS=server");

    public void AuthEnded(SmtpSessionFacts session, string mechanism, bool succeeded, string? reason) => log.Add($"AUTH={mechanism} {succeeded} {reason}");

    public void Notice(string id, string text, ReasonChain reasons) => log.Add($"{text} ({reasons})");

    public void Replied(SmtpSessionFacts session, string id, string command, SmtpReply reply) => log.Add($"{command} -> {reply} ({reply.Reasons})");

    public void SessionEnded(SmtpSessionFacts session, bool isIdle) => log.Add("session over");

    private static InvalidOperationException Broken(IEnumerable<Diagnostic> diagnostics) => new(string.Join('\n', diagnostics));
}
