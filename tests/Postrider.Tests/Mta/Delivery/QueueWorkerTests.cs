using Microsoft.Extensions.Logging;
using Postrider.Mail;
using Postrider.Mta.Delivery;
using Postrider.Mta.Logging;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Queue.Running;
using Postrider.Testing;
using Postrider.Tests.Mta.Notification;

namespace Postrider.Tests.Mta.Delivery;

public sealed class QueueWorkerTests
{
    private readonly ManualTimeProvider clock = new();
    private readonly LineRecorder lines = new();
    private readonly FakeMailboxes mailboxes = new("bob", "carol");
    private readonly Dictionary<string, IDeliveryAgent> agents = new(StringComparer.Ordinal);

    [Fact]
    public async Task Recipients_of_one_host_travel_together_and_others_apart()
    {
        ScriptedAgent smtp = Agent("esmtp", (_, number) => Sent(number));
        ScriptedAgent maildir = Agent("maildir", (_, number) => Sent(number));
        IReadOnlyList<AttemptOutcome> outcomes = await Attempt(Lease("a@Example.net", "bob@local.test", "b@example.NET", "c@other.example"));
        Assert.Equal(4, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Equal(RecipientStatus.Done, outcome.Status));
        Assert.Equal("esmtp example.net 0,2|esmtp other.example 3", string.Join('|', smtp.Seen.Order(StringComparer.Ordinal)));
        Assert.Equal("maildir /mail/bob 1", Assert.Single(maildir.Seen));
    }

    [Fact]
    public async Task Every_recipient_has_a_line_as_sendmail_writes_it()
    {
        Agent("esmtp", (_, number) =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return new RecipientOutcome(number, OutcomeKind.Relayed, new EnhancedStatusCode(2, 0, 0), "Sent (ok)") { Relay = "mx.example.net. [192.0.2.7]", RemoteReply = "250 2.0.0 ok" };
        });
        QueueLease lease = Lease("a@example.net");
        clock.Advance(TimeSpan.FromSeconds(1));
        await Attempt(lease);
        Assert.Equal(
            "6AKNGbTb001482: to=<a@example.net>, delay=00:00:03, xdelay=00:00:02, mailer=esmtp, pri=30100, relay=mx.example.net. [192.0.2.7], dsn=2.0.0, stat=Sent (ok)",
            Assert.Single(lines.Lines));
    }

    [Fact]
    public async Task A_member_of_an_alias_stands_in_its_line_as_in_the_alias()
    {
        Agent("maildir", (_, number) => Sent(number));
        await Attempt(Changed(Lease("\\bob"), 0, static one => one with { ExpandedFrom = ForwardPath.Of("list@local.test") }));
        Assert.Contains(": to=\\bob, delay=", Assert.Single(lines.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_thousand_recipients_of_one_host_take_seconds()
    {
        Agent("esmtp", (_, number) => Sent(number));
        QueueLease lease = Lease([.. Enumerable.Range(0, 100_000).Select(i => $"r{i}@example.net")]);
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Equal(100_000, (await Attempt(lease)).Count);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Silence_of_an_agent_is_deferral()
    {
        Agent("esmtp", (_, number) => number == 0 ? Sent(0) : null);
        IReadOnlyList<AttemptOutcome> outcomes = await Attempt(Lease("a@example.net", "b@example.net"));
        Assert.Equal([RecipientStatus.Done, RecipientStatus.Deferred], outcomes.Select(o => o.Status));
    }

    [Fact]
    public async Task An_agent_that_throws_defers_its_own_recipients_only()
    {
        Agent("esmtp", (attempt, number) => attempt.Host == "example.net" ? throw new InvalidOperationException("bug") : Sent(number));
        IReadOnlyList<AttemptOutcome> outcomes = await Attempt(Lease("a@example.net", "b@other.example"));
        Assert.Equal([RecipientStatus.Deferred, RecipientStatus.Done], outcomes.Select(o => o.Status));
        Assert.Contains(lines.Lines, line => line.Contains("InvalidOperationException: bug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_outcome_for_nobody_is_ignored()
    {
        Agent("esmtp", (_, number) => Sent(number + 7));
        Assert.Equal(RecipientStatus.Deferred, Assert.Single(await Attempt(Lease("a@example.net"))).Status);
    }

    [Fact]
    public async Task An_unknown_user_fails_and_a_map_that_is_gone_defers()
    {
        AttemptOutcome unknown = Assert.Single(await Attempt(Lease("nosuch@local.test")));
        Assert.Equal((RecipientStatus.Failed, new EnhancedStatusCode(5, 1, 1), "User unknown"), (unknown.Status, unknown.Enhanced, unknown.Message));
        mailboxes.IsBroken = true;
        Assert.Equal(RecipientStatus.Deferred, Assert.Single(await Attempt(Lease("bob@local.test"))).Status);
    }

    [Fact]
    public async Task Without_an_agent_for_the_mailer_mail_waits()
    {
        AttemptOutcome outcome = Assert.Single(await Attempt(Lease("a@example.net")));
        Assert.Equal(RecipientStatus.Deferred, outcome.Status);
        Assert.Contains(lines.Lines, line => line.Contains("SYSERR", StringComparison.Ordinal) && line.Contains("mailer esmtp is not configured", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Recipients_that_are_final_are_left_alone()
    {
        ScriptedAgent smtp = Agent("esmtp", (_, number) => Sent(number));
        QueueLease lease = Lease("a@example.net", "b@example.net");
        lease = lease with { Entry = lease.Entry with { Recipients = [new RecipientState(RecipientStatus.Done), RecipientState.Pending] } };
        Assert.Equal(1, Assert.Single(await Attempt(lease)).Recipient);
        Assert.Equal("esmtp example.net 1", Assert.Single(smtp.Seen));
    }

    [Fact]
    public async Task Facts_for_a_report_come_through()
    {
        Agent("esmtp", (_, number) => new RecipientOutcome(number, OutcomeKind.Failed, new EnhancedStatusCode(5, 1, 1), "User unknown") { RemoteReply = "550 no" });
        Assert.Equal("550 no", Assert.IsType<QueueWorkerOutcome>(Assert.Single(await Attempt(Lease("a@example.net")))).Facts.RemoteReply);
    }

    [Fact]
    public async Task Cancelled_before_anything_was_handed_over_it_throws()
    {
        using CancellationTokenSource stop = new();
        Agent("esmtp", (_, _) =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Attempt(Lease("a@example.net"), stop.Token));
    }

    [Fact]
    public async Task Cancelled_after_something_was_handed_over_it_reports_that()
    {
        using CancellationTokenSource stop = new();
        Agent("maildir", (_, number) =>
        {
            stop.Cancel();
            return Sent(number);
        });
        Agent("esmtp", (_, _) => throw new OperationCanceledException(stop.Token));
        AttemptOutcome only = Assert.Single(await Attempt(Lease("bob@local.test"), stop.Token));
        Assert.Equal((0, RecipientStatus.Done), (only.Recipient, only.Status));
    }

    [Fact]
    public async Task Members_of_a_list_with_an_owner_travel_apart_under_his_name()
    {
        List<string> senders = [];
        ScriptedAgent smtp = Agent("esmtp", (attempt, number) =>
        {
            lock (senders) senders.Add($"{number} {attempt.Envelope.ReversePath} {attempt.Envelope.EnvelopeId ?? "-"}");
            return Sent(number);
        });
        QueueLease lease = Changed(Lease("a@example.net", "b@example.net"), 1, one => one with { Owner = ReversePath.Of("owner-list@local.test") });
        lease = lease with { Entry = lease.Entry with { Envelope = lease.Entry.Envelope with { EnvelopeId = "e1" } } };
        Assert.Equal(2, (await Attempt(lease)).Count);
        Assert.Equal(2, smtp.Seen.Count);
        Assert.Equal(["0 <alice@example.org> e1", "1 <owner-list@local.test> -"], senders.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(ForegoneKind.Refused, "554 5.4.6 aliasing/forwarding loop broken", OutcomeKind.Failed, "5.4.6", "aliasing/forwarding loop broken")]
    [InlineData(ForegoneKind.Expanded, "250 2.0.0 expanded", OutcomeKind.Expanded, "2.0.0", "expanded")]
    [InlineData(ForegoneKind.DeliveredToList, "250 2.0.0 expanded", OutcomeKind.DeliveredToList, "2.0.0", "expanded")]
    public async Task What_was_decided_at_expansion_is_told_and_not_tried(ForegoneKind kind, string reply, OutcomeKind told, string status, string message)
    {
        QueueLease lease = Changed(Lease("loop1@local.test"), 0, one => one with { Foregone = new ForegoneOutcome(kind, reply) });
        RecipientOutcome facts = Assert.IsType<QueueWorkerOutcome>(Assert.Single(await Attempt(lease))).Facts;
        Assert.Equal((told, status, message, reply), (facts.Kind, facts.Status.ToString(), facts.Message, facts.LocalReply));
    }

    [Fact]
    public async Task Only_a_recipient_with_a_controller_leads_to_a_program_or_a_file()
    {
        ScriptedAgent prog = Agent("prog", (_, number) => Sent(number));
        ScriptedAgent file = Agent("*file*", (_, number) => Sent(number));
        RecipientController daemon = new("<x@local.test>", null);
        QueueLease lease = Lease("\"|/bin/cat -u\"", "/var/x", "\"|/bin/cat -u\"");
        lease = Changed(Changed(lease, 0, one => one with { Controller = daemon }), 1, one => one with { Controller = daemon });
        IReadOnlyList<AttemptOutcome> outcomes = await Attempt(lease);
        Assert.Equal([RecipientStatus.Done, RecipientStatus.Done, RecipientStatus.Failed], outcomes.Select(o => o.Status));
        Assert.Equal("Cannot mail directly to programs", outcomes[2].Message);
        Assert.Equal("prog  0", Assert.Single(prog.Seen));
        Assert.Equal("*file*  1", Assert.Single(file.Seen));
    }

    [Fact]
    public async Task A_backslash_keeps_aliases_away_and_is_no_part_of_the_user()
    {
        ScriptedAgent maildir = Agent("maildir", (_, number) => Sent(number));
        await Attempt(Lease("\\bob"));
        Assert.Equal("maildir /mail/bob 0", Assert.Single(maildir.Seen));
    }

    private static QueueLease Changed(QueueLease lease, int number, Func<QueueRecipient, QueueRecipient> change)
    {
        QueueEnvelope envelope = lease.Entry.Envelope;
        return lease with { Entry = lease.Entry with { Envelope = envelope with { Recipients = envelope.Recipients.SetItem(number, change(envelope.Recipients[number])) } } };
    }

    private static RecipientOutcome Sent(int number) => new(number, OutcomeKind.Delivered, new EnhancedStatusCode(2, 0, 0), "Sent");

    private ScriptedAgent Agent(string mailer, Func<DeliveryAttempt, int, RecipientOutcome?> script)
    {
        ScriptedAgent agent = new(script);
        agents.Add(mailer, agent);
        return agent;
    }

    private async Task<IReadOnlyList<AttemptOutcome>> Attempt(QueueLease lease, CancellationToken cancellationToken = default)
    {
        Router router = new(new RoutingSettings { HostName = "mx.local.test", Local = new LocalNames(["local.test"], []), Mailboxes = mailboxes });
        await using OneMessageStore store = new("Subject: x\r\n\r\nbody\r\n");
        return await new QueueWorker(store, () => router, () => agents, new SendmailLog(lines), clock).AttemptAsync(lease, cancellationToken);
    }

    private QueueLease Lease(params string[] recipients)
    {
        QueueEntry entry = new()
        {
            Envelope = new QueueEnvelope
            {
                Id = new QueueId("6AKNGbTb001482"),
                ArrivalTime = clock.GetUtcNow(),
                ReversePath = ReversePath.Of("alice@example.org"),
                Recipients = [.. recipients.Select(r => new QueueRecipient(ForwardPath.Of(r)))],
            },
            ContentOctets = 100,
            Recipients = [.. recipients.Select(_ => RecipientState.Pending)],
        };
        return new QueueLease(new LeaseReceipt(entry.Envelope.Id, 1), entry, clock.GetUtcNow().AddMinutes(10));
    }

    private sealed class ScriptedAgent(Func<DeliveryAttempt, int, RecipientOutcome?> script) : IDeliveryAgent
    {
        private readonly Lock gate = new();

        public List<string> Seen { get; } = [];

        public ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
        {
            lock (gate) Seen.Add($"{attempt.Mailer} {attempt.Host} {string.Join(',', attempt.Recipients.Select(r => r.Number))}");
            List<RecipientOutcome> outcomes = [];
            foreach (DeliveryRecipient recipient in attempt.Recipients)
            {
                if (script(attempt, recipient.Number) is { } outcome) outcomes.Add(outcome);
            }

            return new ValueTask<IReadOnlyList<RecipientOutcome>>(outcomes);
        }
    }

    private sealed class LineRecorder : ILogger
    {
        private readonly Lock gate = new();

        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (gate) Lines.Add(formatter(state, exception));
        }
    }
}
