using System.Collections.Immutable;
using System.Net;
using System.Text;
using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting;
using Postrider.Mta.Logging;
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

/// <summary>
/// The house as a postmaster has it: .mc → .cf → SiteConfiguration → Site, with its own receiving, policy, journal, certificates, user store and log lines; only the DNS and
/// the disk are the test's. The session is one of the first listener.
/// </summary>
internal sealed class ConfiguredSite : IDialogueSite
{
    private static readonly IPAddress[] Own = [IPAddress.Loopback, IPAddress.Parse("192.0.2.1")];

    private readonly Site site;
    private readonly ServerTls tls;
    private readonly List<CommittedMessage> committed = [];
    private readonly CollectedLines log = new();

    private readonly PassingDns dns = new();

    /// <param name="library">Null: our own.</param>
    public ConfiguredSite(string mcFile, McLibrary? library = null)
    {
        McResult compiled = McCompiler.CompileFile(mcFile, new McCompileOptions { Library = library ?? McLibrary.Builtin, Defines = [new("DIALOGUE_DIR", DialogueFiles.Folder)] });
        if (!compiled.Succeeded) throw Broken(compiled.Diagnostics);
        SiteBinding binding = SiteBinder.Bind(CfDocument.Parse(compiled.CfText, mcFile), new BindingHost { HostName = "mx.example.com", BaseDirectory = Path.GetDirectoryName(mcFile)!, Addresses = Own, ReadText = path => SendmailConf(mcFile, path) });
        if (binding.Configuration is null) throw Broken(binding.Diagnostics);
        site = Site.Bind(binding.Configuration, Own, TimeProvider.System, out ImmutableArray<Diagnostic> found, new SiteServices { Dns = dns, Users = new DialogueUsers() }) ?? throw Broken(found);
        tls = new ServerTls(site.Tls, Clock);
        if (site.Tls.ServerCertFile is not null && !tls.IsAvailable) throw new InvalidOperationException(string.Join('\n', tls.Diagnostics));
    }

    public WatchedTimeProvider Clock { get; } = new();

    public IReadOnlyList<CommittedMessage> Committed => committed;

    public IReadOnlyList<string> Log => log.Lines;

    public IReadOnlyList<string> Trace => log.Everything;

    public async Task ServeAsync(Stream transport, string client)
    {
        string[] words = client.Split(' ');
        IPEndPoint? remote = words[0] == "stdin" ? null : new IPEndPoint(IPAddress.Parse(words[0]), 40000);
        SmtpSessionFacts facts = new("session", Site.FactsOf(site.Configuration.Listeners[0], null), remote, Clock.GetUtcNow()) { LocalUser = remote is null ? words[1] : null };
        dns.Inner = new DialogueDns(client);
        await using JournalQueueStore queue = await JournalQueueStore.OpenAsync(new MemoryJournalDisk(), null, Clock);
        ReceivingEngine engine = new()
        {
            Settings = site.Receiving with { ResolvesLoopback = true },
            Policy = site.Policy,
            Rulesets = site.Rulesets,
            Rules = site.Rules,
            Router = site.Router,
            Expander = site.Expander,
            Queue = queue,
            Dns = dns,
            Time = Clock,
            Log = new ReceivingLog(new SendmailLog(log, site.Configuration.LogLevel)),
            StartQueueRun = static _ => { },
        };
        SmtpServer server = new(site.Server, new MtaHandlerFactory(engine), Clock) { Tls = tls, Sasl = site.Sasl };
        await server.RunAsync(transport, facts, CancellationToken.None);
        foreach (QueueEntry entry in await queue.ListAsync(QueueFilter.Everything, CancellationToken.None))
        {
            await using Stream content = (await queue.OpenContentAsync(entry.Envelope.Id, CancellationToken.None))!;
            using StreamReader reader = new(content, Encoding.Latin1);
            string recipients = string.Join(", ", entry.Envelope.Recipients.Select(Shown));
            committed.Add(new CommittedMessage($"{entry.Envelope.ReversePath} -> {recipients}", await reader.ReadToEndAsync()));
        }
    }

    /// <summary>A recipient with what its expansion made of it: <c>&lt;bob&gt; from &lt;owner-list@mx.example.com&gt;</c>, <c>&lt;x&gt; = 554 …</c>, <c>&lt;|/bin/cat&gt; as carol</c>.</summary>
    private static string Shown(QueueRecipient recipient) => recipient.Address
        + (recipient.Owner is { } owner ? $" from {owner}" : "")
        + (recipient.Controller is { } controller ? $" as {controller.User ?? "default"}" : "")
        + (recipient.Foregone is { } foregone ? $" = {foregone.Reply}" : "");

    /// <summary>What Cyrus SASL would be told: a site called …-sasl has a sasldb, with alice/wonderland and bob/builder of realm mx.example.com; the others have what is beside them, and no sasldb.</summary>
    private static string? SendmailConf(string mcFile, string path)
    {
        if (path != CyrusConfiguration.Places[0]) return null;
        string said = Path.ChangeExtension(mcFile, ".Sendmail.conf");
        string database = Path.Combine(Path.GetDirectoryName(mcFile)!, Path.GetFileNameWithoutExtension(mcFile).Contains("sasl", StringComparison.Ordinal) ? "sasldb2" : "none");
        return $"sasldb_path: {database}\n{(File.Exists(said) ? File.ReadAllText(said) : "")}";
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InvalidOperationException Broken(IEnumerable<Diagnostic> diagnostics) => new(string.Join('\n', diagnostics));
}
