using System.Globalization;
using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Policy;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Receiving;

/// <summary>What the house answers to one session: policy is asked first, then routing; a transaction that was granted lives in <see cref="MtaTransaction"/>.</summary>
public sealed class MtaSessionHandler : ISmtpSessionHandler
{
    private const int LongestGreetPause = 300_000; // RFC 5321 §4.5.3.2.1: a client waits five minutes for the greeting

    private readonly ReceivingEngine engine;
    private readonly SmtpSessionFacts session;
    private readonly PolicyContext context;
    private bool issuedAnything;

    /// <summary>Two arguments of most session rulesets: <c>client name $| client address</c>.</summary>
    private RulesetArgument Client => new(context.ClientName, session.ClientAddress ?? "0");

    public MtaSessionHandler(ReceivingEngine engine, SmtpSessionFacts session)
    {
        this.engine = engine;
        this.session = session;
        context = new PolicyContext(session, engine.Policy, engine.Rulesets, engine.Router.Canonifier, engine.Dns) { Rules = engine.Rules, Time = engine.Time, Problem = Report };
    }

    public async ValueTask<SmtpReply?> ConnectAsync(CancellationToken cancellationToken)
    {
        await new ClientNames(engine.Dns, engine.Settings, engine.Time).ResolveAsync(session, cancellationToken);
        if (session.Remote is { } remote) context.Counters = engine.Counters?.Begin(remote.Address);
        Verdict verdict = await VerdictAsync("check_relay", Client, cancellationToken);
        context.DiscardsSession = verdict.Kind == VerdictKind.Discard;
        SmtpReply? refusal = verdict.Reply ?? await AskFeaturesAsync(cancellationToken);
        issuedAnything = refusal is not null; // it did not come to that: sendmail does not hold it against the client
        return refusal;
    }

    public async ValueTask<TimeSpan> GreetPauseAsync(CancellationToken cancellationToken)
    {
        string? answer = await engine.Rulesets.AskAsync("greet_pause", Client, context, cancellationToken);
        return int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds)
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestGreetPause))
            : TimeSpan.Zero;
    }

    public void SpokeEarly(TimeSpan after) =>
        engine.Log.Notice(session.Id, string.Create(CultureInfo.InvariantCulture, $"rejecting commands from {session.Relay} due to pre-greeting traffic after {(int)after.TotalSeconds} seconds"), ReasonChain.None);

    public ValueTask<SmtpReply?> OtherAsync(string line, bool isKnown, CancellationToken cancellationToken) =>
        engine.Rulesets.Find("check_other") is null ? default : CheckAsync("check_other", new RulesetArgument(line, isKnown ? "2" : "5", KeepsComments: true), cancellationToken);

    public ValueTask<SmtpReply?> HeloAsync(string name, bool extended, CancellationToken cancellationToken) => new((SmtpReply?)null);

    public async ValueTask<SmtpReply?> TlsAsync(TlsFacts facts, CancellationToken cancellationToken)
    {
        engine.Log.TlsBegan(session, facts);
        return await AskFeaturesAsync(cancellationToken) ?? await CheckAsync("tls_client", new RulesetArgument(facts.Verify.ToString().ToUpperInvariant(), "STARTTLS"), cancellationToken);
    }

    public void AuthEnded(string mechanism, bool succeeded, string? user, string? reason) => engine.Log.AuthEnded(session, mechanism, succeeded, user, reason);

    public void TlsFailed(string reason) => engine.Log.TlsFailed(session, reason);

    public void Faulted(string command, Exception exception) => engine.Log.Faulted(session, context.QueueId ?? session.Id, command, exception);

    public void Flooded(string command, int count) => engine.Log.Flooded(session, context.QueueId ?? session.Id, command, count);

    public async ValueTask<MailAnswer> MailAsync(ReversePath path, MailParameters parameters, CancellationToken cancellationToken)
    {
        issuedAnything = true;
        if (context.Has(PrivacyFlags.NeedMailHelo) && session.HeloName is null) return new MailAnswer(ReceivingReplies.HeloFirst, null);
        string written = parameters.PathAsWritten ?? path.ToString();
        context.ForgetTransaction();
        QueueId id = engine.Queue.NewId();
        context.QueueId = id.Value;
        AddressReading reading = default;
        if (!path.IsNull)
        {
            reading = await engine.Router.ReadAsync(path.Address, AddressKind.Sender, context.Rewriting, cancellationToken);
            if (!reading.IsRead)
            {
                SmtpReply bad = ReceivingReplies.Refused(reading.Refusal, written);
                engine.Log.Notice(session.Id, bad.Text, bad.Reasons);
                context.ForgetTransaction();
                return new MailAnswer(bad, null);
            }
        }

        long max = engine.Settings.MaxMessageSize;
        if (max > 0 && parameters.Size > max)
        {
            context.ForgetTransaction();
            return new MailAnswer(ReceivingReplies.SizeDeclaredTooLarge(max), null);
        }

        context.Sender = path;
        context.SenderAddress = reading.Address;
        context.Parameters = parameters;
        context.Rewriting?.Macros.Set("t", engine.Time.GetLocalNow().ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture));
        Verdict verdict = await engine.Rulesets.CheckAsync("check_mail", new RulesetArgument(written), written, context, cancellationToken);
        if (verdict.Reply is { } refusal)
        {
            engine.Log.Rejected(id.Value, "check_mail", new RulesetCallText(written, null, session.Relay), refusal);
            engine.Log.TransactionEnded(new TransactionSummary { QueueId = id.Value, Session = session, From = written, Body = parameters.Body });
            context.ForgetTransaction();
            return new MailAnswer(refusal, null);
        }

        MtaTransaction transaction = new(engine, context, id, written, verdict);
        return new MailAnswer(ReceivingReplies.SenderOk(written) with { Reasons = verdict.Reasons }, transaction);
    }

    public async ValueTask<SmtpReply> VerifyAsync(string argument, CancellationToken cancellationToken)
    {
        issuedAnything = true;
        if (string.IsNullOrWhiteSpace(argument)) return ReceivingReplies.ArgumentRequired;
        engine.Log.Asked(session, "VRFY", argument);
        if (await CheckAsync("check_vrfy", new RulesetArgument(argument), cancellationToken) is { } refusal) return refusal;
        return context.Has(PrivacyFlags.NoVrfy) ? ReceivingReplies.CannotVerify : await DescribeAsync(argument.Trim(), 252, cancellationToken);
    }

    public async ValueTask<SmtpReply> ExpandAsync(string argument, CancellationToken cancellationToken)
    {
        issuedAnything = true;
        if (string.IsNullOrWhiteSpace(argument)) return ReceivingReplies.ArgumentRequired;
        engine.Log.Asked(session, "EXPN", argument);
        return await CheckAsync("check_expn", new RulesetArgument(argument), cancellationToken) ?? await DescribeAsync(argument.Trim(), 250, cancellationToken);
    }

    public async ValueTask<SmtpReply> EtrnAsync(string argument, CancellationToken cancellationToken)
    {
        issuedAnything = true;
        string node = argument.Trim();
        if (node.Length == 0) return ReceivingReplies.ParameterRequired;
        if (await CheckAsync("check_etrn", new RulesetArgument(argument), cancellationToken) is { } refusal) return refusal;

        engine.Log.Asked(session, "ETRN", argument);

        // Queue groups do not exist yet, so none is known; RFC 1985 §5.3 gives them to the server's own definition.
        if (node.StartsWith('#')) return ReceivingReplies.QueueUnknown(node[1..]);
        if (engine.StartQueueRun is null) return SmtpReply.Of(458, "4.3.0", $"Unable to queue messages for node {node}");

        // RFC 1985 §5.3: "@node" asks for the node and everything below it.
        engine.StartQueueRun(new QueueFilter { RecipientContains = node.StartsWith('@') ? node[1..] : "@" + node });
        return ReceivingReplies.QueueRunStarted(node);
    }

    public void Replied(string command, SmtpReply reply) => engine.Log.Replied(session, context.QueueId ?? session.Id, command, reply);

    public ValueTask DisposeAsync()
    {
        if (context.Counters is not null) engine.Counters!.End(session.Remote!.Address);
        engine.Log.SessionEnded(session, isIdle: !issuedAnything);
        return ValueTask.CompletedTask;
    }

    private void Report(string problem) => engine.Log.Notice(context.QueueId ?? session.Id, problem, ReasonChain.None);

    private async ValueTask<SmtpReply?> CheckAsync(string ruleset, RulesetArgument argument, CancellationToken cancellationToken) =>
        (await VerdictAsync(ruleset, argument, cancellationToken)).Reply;

    /// <summary>A check of the session. Quarantine has no message to set aside: it is told, as in sendmail (oracle 11), and nothing more.</summary>
    private async ValueTask<Verdict> VerdictAsync(string ruleset, RulesetArgument argument, CancellationToken cancellationToken)
    {
        Verdict verdict = await engine.Rulesets.CheckAsync(ruleset, argument, subject: null, context, cancellationToken);
        RulesetCallText call = new(argument.First, argument.Second, session.Relay);
        if (verdict.Reply is { } reply) engine.Log.Rejected(null, ruleset, call, reply);
        else if (verdict.Kind is VerdictKind.Discard or VerdictKind.Quarantine) engine.Log.SetAside(null, ruleset, call, verdict.QuarantineReason, verdict.Reasons);
        return verdict;
    }

    /// <summary>srv_features: what this client is offered. Null: go on.</summary>
    private async ValueTask<SmtpReply?> AskFeaturesAsync(CancellationToken cancellationToken)
    {
        if (engine.Rulesets.Find("srv_features") is not { } ruleset) return null;
        RulesetResult result = await ruleset.ApplyAsync(Client, context, cancellationToken);
        if (result.Triple is not { } triple) return null;
        if (triple.Mailer.Equals(ServerFeatures.Temporary, StringComparison.OrdinalIgnoreCase) || triple.Mailer.Equals("error", StringComparison.OrdinalIgnoreCase))
        {
            SmtpReply later = SmtpReply.Of(454, "4.3.0", "Please try again later").Because(ReasonKind.Ruleset, "srv_features cannot be decided");
            engine.Log.Rejected(null, "srv_features", new RulesetCallText(Client.First, Client.Second, session.Relay), later);
            return later;
        }

        session.Features = ServerFeatures.Read(triple.Mailer);
        return null;
    }

    /// <summary>sendmail 8.17, oracle 01: <c>VRFY alice</c> gives <c>&lt;alice@j&gt;</c>, an address elsewhere is only repeated (VRFY with 252).</summary>
    private async ValueTask<SmtpReply> DescribeAsync(string argument, int codeElsewhere, CancellationToken cancellationToken)
    {
        if (engine.Expander is { } expander) return await expander.DescribeAsync(argument, codeElsewhere == 250, context.Rewriting, cancellationToken);
        string text = argument.StartsWith('<') && argument.EndsWith('>') ? argument[1..^1] : argument;
        AddressReading reading = await engine.Router.ReadAsync(text, AddressKind.Recipient, context.Rewriting, cancellationToken);
        if (!reading.IsRead) return ReceivingReplies.Refused(reading.Refusal, argument);
        CanonicalAddress address = reading.Address;
        if (!address.IsLocal) return SmtpReply.Of(codeElsewhere, "2.1.5", $"<{address}>");
        RouteVerdict route = await engine.Router.RouteAsync(address, context.Rewriting, cancellationToken);
        if (!route.IsRouted) return ReceivingReplies.Refused(route, argument);
        string user = route.Triple.User;
        string domain = address.Domain.Length == 0 ? engine.Settings.HostName : address.Domain;
        return SmtpReply.Of(250, "2.1.5", $"<{user}@{domain}>") with { Reasons = route.Reasons };
    }
}
