using System.Globalization;
using System.Net;
using System.Text;
using Postrider.Mail;
using Postrider.Smtp.Server;
using Postrider.Testing;

namespace Postrider.Dialogues;

/// <summary>A receiving side with simple decisions, for what no configuration asks for: local mail for known mailboxes, relaying from 127.0.0.1, no TLS and no AUTH.</summary>
internal sealed class ScriptedSite(SmtpServerSettings settings) : IDialogueSite, ISmtpHandlerFactory
{
    private readonly List<CommittedMessage> committed = [];
    private readonly List<string> log = [];

    public bool IsBroken { get; init; }

    public bool AnswersEarly { get; init; }

    public SmtpReply? ConnectRefusal { get; init; }

    public SmtpReply? DataReply { get; init; }

    public WatchedTimeProvider Clock { get; } = new();

    public IReadOnlyList<CommittedMessage> Committed => committed;

    public IReadOnlyList<string> Log => log;

    public IReadOnlyList<string> Trace => log;

    public async Task ServeAsync(Stream transport, string client)
    {
        string[] words = client.Split(' ');
        IPEndPoint? remote = words[0] == "stdin" ? null : new IPEndPoint(IPAddress.Parse(words[0]), 40000);
        SmtpSessionFacts facts = new("session", new ListenerFacts("MTA", null), remote, Clock.GetUtcNow()) { LocalUser = remote is null ? words[1] : null };
        if (remote is not null)
        {
            facts.ClientName = words.Length > 1 ? words[1] : $"[{facts.ClientAddress}]";
            facts.ClientResolve = words.Length < 2 ? ClientResolve.Fail : words.Length > 2 ? ClientResolve.Forged : ClientResolve.Ok;
        }

        await new SmtpServer(settings, this, Clock).RunAsync(transport, facts, CancellationToken.None);
    }

    public ISmtpSessionHandler Begin(SmtpSessionFacts session) => new Handler(this, session);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Handler(ScriptedSite site, SmtpSessionFacts session) : ISmtpSessionHandler
    {
        public ValueTask<SmtpReply?> ConnectAsync(CancellationToken cancellationToken) => ValueTask.FromResult(site.ConnectRefusal);

        public ValueTask<SmtpReply?> HeloAsync(string name, bool extended, CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

        public ValueTask<SmtpReply?> TlsAsync(Smtp.Tls.TlsFacts facts, CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

        public void AuthEnded(string mechanism, bool succeeded, string? user, string? reason) => site.log.Add($"AUTH={mechanism} {succeeded} {reason}");

        public void TlsFailed(string reason) => site.log.Add("TLS failed: " + reason);

        public void Faulted(string command, Exception exception) => site.log.Add($"{command}: {exception}");

        public void Flooded(string command, int count) => site.log.Add($"possible SMTP attack: command={command}, count={count}");

        public ValueTask<MailAnswer> MailAsync(ReversePath path, MailParameters parameters, CancellationToken cancellationToken)
        {
            if (site.IsBroken) throw new InvalidOperationException("policy is broken");
            string text = parameters.PathAsWritten ?? path.ToString();
            SmtpReply reply = path.Mailbox?.Domain switch
            {
                null when !path.IsNull && session.Remote is not null => SmtpReply.Of(553, "5.5.4", $"{text}... Domain name required for sender address {path.Address}"),
                "nonexistent.invalid" => SmtpReply.Of(553, "5.1.8", $"{text}... Domain of sender address {path.Address} does not exist"),
                "tempfail.example" => SmtpReply.Of(451, "4.1.8", $"Domain of sender address {path.Address} does not resolve"),
                _ => SmtpReply.Of(250, "2.1.0", text + "... Sender ok"),
            };
            return ValueTask.FromResult(new MailAnswer(reply, reply.IsPositive ? new Transaction(site, session, path) : null));
        }

        public ValueTask<SmtpReply> VerifyAsync(string argument, CancellationToken cancellationToken) => ValueTask.FromResult(
            Known(argument) ? SmtpReply.Of(250, "2.1.5", $"<{Local(argument)}@mx.example.com>")
            : argument.Contains('@', StringComparison.Ordinal) ? SmtpReply.Of(252, "2.1.5", $"<{argument}>")
            : SmtpReply.Of(550, "5.1.1", argument + "... User unknown"));

        public ValueTask<SmtpReply> ExpandAsync(string argument, CancellationToken cancellationToken) => ValueTask.FromResult(
            argument == "staff" ? new SmtpReply(250, new EnhancedStatusCode(2, 1, 5), "<alice@mx.example.com>", "<bob@mx.example.com>")
            : Known(argument) ? SmtpReply.Of(250, "2.1.5", $"<{Local(argument)}@mx.example.com>") : SmtpReply.Of(550, "5.1.1", argument + "... User unknown"));

        public ValueTask<SmtpReply> EtrnAsync(string argument, CancellationToken cancellationToken) => ValueTask.FromResult(
            argument.StartsWith('#') ? SmtpReply.Of(459, "4.5.4", "Queue group unknown") : SmtpReply.Of(250, "2.0.0", $"Queuing for node {argument} started"));

        public void Replied(string command, SmtpReply reply) => site.log.Add($"{command} -> {reply} ({reply.Reasons})");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private static string Local(string argument) => argument.Trim('<', '>').Split('@')[0].ToLowerInvariant();

    private static bool Known(string argument)
    {
        string[] parts = argument.Trim('<', '>').Split('@');
        bool local = parts.Length == 1 || parts[1].ToLowerInvariant() is "example.com" or "mx.example.com" or "localhost" or "example.com.";
        return local && Local(argument) is "alice" or "bob" or "carol" or "postmaster";
    }

    private sealed class Transaction(ScriptedSite site, SmtpSessionFacts session, ReversePath from) : IMailTransaction
    {
        private readonly List<ForwardPath> recipients = [];

        public ValueTask<SmtpReply> RecipientAsync(ForwardPath path, RcptParameters parameters, CancellationToken cancellationToken)
        {
            string text = parameters.PathAsWritten ?? path.ToString();
            SmtpReply reply;
            if (Known(path.Address)) reply = SmtpReply.Of(250, "2.1.5", text + "... Recipient ok");
            else if (!path.Address.Contains('@', StringComparison.Ordinal) || path.Address.EndsWith("@example.com", StringComparison.OrdinalIgnoreCase)) reply = SmtpReply.Of(550, "5.1.1", text + "... User unknown");
            else if (session.Remote is null || IPAddress.IsLoopback(session.Remote.Address)) reply = SmtpReply.Of(250, "2.1.5", text + "... Recipient ok");
            else reply = SmtpReply.Of(550, "5.7.1", text + "... Relaying denied");
            if (reply.IsPositive && !recipients.Contains(path)) recipients.Add(path);
            return ValueTask.FromResult(reply);
        }

        public ValueTask<SmtpReply?> DataAsync(CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

        public async ValueTask<SmtpReply> ReceiveAsync(SmtpContent content, CancellationToken cancellationToken)
        {
            if (site.AnswersEarly) return site.DataReply!;
            using MemoryStream octets = new();
            while (await content.ReadAsync(cancellationToken) is { IsEmpty: false } slice) octets.Write(slice.Span);
            if (site.DataReply is { } refusal) return refusal;
            site.committed.Add(new CommittedMessage($"{from} -> {string.Join(", ", recipients)}", Encoding.Latin1.GetString(octets.ToArray())));
            return SmtpReply.Of(250, "2.0.0", string.Create(CultureInfo.InvariantCulture, $"Q{site.committed.Count:00000} Message accepted for delivery"));
        }

        public ValueTask DisposeAsync()
        {
            site.log.Add("transaction over");
            return ValueTask.CompletedTask;
        }
    }
}
