using Microsoft.Extensions.Logging;
using Postrider.Mail;
using Postrider.Mta.Aliasing;
using Postrider.Mta.Delivery;
using Postrider.Mta.Logging;
using Postrider.Mta.Notification;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Queue.Running;
using Postrider.Testing;
using Postrider.Tests.Mta.Aliasing;

namespace Postrider.Tests.Mta.Notification;

public sealed class NotifierTests
{
    private const string Body = "body line 1\r\n";
    private const string Content = "Received: by mx\r\nSubject: x\r\n\r\n" + Body;

    private readonly ManualTimeProvider clock = new();
    private readonly LineRecorder lines = new();

    [Theory]
    [InlineData(DsnNotify.Unspecified, true)]
    [InlineData(DsnNotify.Failure, true)]
    [InlineData(DsnNotify.Failure | DsnNotify.Success, true)]
    [InlineData(DsnNotify.Success, false)]
    [InlineData(DsnNotify.Delay, false)]
    [InlineData(DsnNotify.Never, false)]
    public async Task A_failure_is_told_unless_NOTIFY_forbids_it(DsnNotify notify, bool told) =>
        Assert.Equal(told, await Notify(Entry(notify), Outcome(OutcomeKind.Failed)) is not null);

    [Theory]
    [InlineData(DsnNotify.Success, OutcomeKind.Delivered, "Action: delivered (to mailbox)")]
    [InlineData(DsnNotify.Success, OutcomeKind.RelayedWithoutDsn, "Action: relayed (to non-DSN-aware mailer)")]
    [InlineData(DsnNotify.Success, OutcomeKind.Relayed, null)]
    [InlineData(DsnNotify.Success, OutcomeKind.Discarded, null)]
    [InlineData(DsnNotify.Unspecified, OutcomeKind.Delivered, null)]
    [InlineData(DsnNotify.Failure, OutcomeKind.RelayedWithoutDsn, null)]
    public async Task A_success_is_told_only_when_NOTIFY_asks_and_nobody_else_tells(DsnNotify notify, OutcomeKind kind, string? action)
    {
        (QueueEnvelope, string Text)? report = await Notify(Entry(notify), Outcome(kind));
        Assert.Equal(action is not null, report is not null);
        if (action is null) return;
        Assert.Contains(action, report!.Value.Text, StringComparison.Ordinal);
        Assert.Contains("Subject: Return receipt\r\n", report.Value.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Body, report.Value.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_returns_the_message_to_the_reverse_path_from_the_null_reverse_path()
    {
        (QueueEnvelope envelope, string text) = (await Notify(Entry(), Outcome(OutcomeKind.Failed)))!.Value;
        Assert.True(envelope.ReversePath.IsNull);
        Assert.True(envelope.IsNotification);
        Assert.Equal("alice@example.org", Assert.Single(envelope.Recipients).Address.Address);
        Assert.Contains("To: <alice@example.org>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Content-Type: message/rfc822\r\n\r\nReturn-Path: <alice@example.org>\r\n" + Content, text, StringComparison.Ordinal);
        Assert.Contains("<<< 550 5.1.1 no such user\r\n", text, StringComparison.Ordinal);
        Assert.Equal("6AKOriginal001: 6AKReport00001: DSN: User unknown", Assert.Single(lines.Lines));
    }

    [Theory]
    [InlineData(DsnReturn.Headers, 1000, true)]
    [InlineData(DsnReturn.Full, 10, true)]
    [InlineData(DsnReturn.Full, 1000, false)]
    public async Task Only_the_header_section_is_returned_when_RET_says_so_or_the_body_is_not_to_be_returned(DsnReturn ret, long limit, bool returnsBody)
    {
        QueueEntry entry = Entry() with { Envelope = Entry().Envelope with { Return = ret } };
        (_, string text) = (await Notify(entry, Outcome(OutcomeKind.Failed), settings: Settings with { MaxReturnedOctets = limit, ReturnsBody = returnsBody }))!.Value;
        Assert.Contains("Content-Type: text/rfc822-headers\r\n\r\nReturn-Path: <alice@example.org>\r\nReceived: by mx\r\nSubject: x\r\n\r\n--", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Body, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delay_is_warned_about_with_the_header_section_and_an_end()
    {
        (QueueEnvelope envelope, string text) = (await Notify(Entry(), Outcome(OutcomeKind.Deferred), delayed: [0]))!.Value;
        Assert.Equal("alice@example.org", envelope.Recipients[0].Address.Address);
        Assert.Contains("Subject: Warning: could not send message for past 4 hours\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Action: delayed\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Will-Retry-Until: Thu, 26 Nov 2026 12:00:00 GMT\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Body, text, StringComparison.Ordinal);
        Assert.Equal("6AKOriginal001: 6AKReport00001: sender notify: Warning: could not send message for past 4 hours", Assert.Single(lines.Lines));
    }

    [Fact]
    public async Task A_deferral_alone_is_not_told() => Assert.Null(await Notify(Entry(), Outcome(OutcomeKind.Deferred)));

    [Fact]
    public async Task An_expiry_tells_what_the_last_attempt_said()
    {
        (_, string text) = (await Notify(Entry(), new ExpiredOutcome(0, "Message could not be delivered for 5 days", Outcome(OutcomeKind.Deferred))))!.Value;
        Assert.Contains("Action: failed\r\nStatus: 4.4.7\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Message could not be delivered for 5 days\r\nMessage will be deleted from queue\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Diagnostic-Code: SMTP; 451 4.3.0 later\r\n", text, StringComparison.Ordinal);
        Assert.Equal("6AKOriginal001: 6AKReport00001: sender notify: Cannot send message for 5 days", Assert.Single(lines.Lines));
    }

    [Fact]
    public async Task One_report_tells_of_all_recipients_of_an_attempt()
    {
        QueueEntry entry = Entry(DsnNotify.Failure | DsnNotify.Success, DsnNotify.Failure | DsnNotify.Success, DsnNotify.Never);
        (_, string text) = (await Notify(entry, [Outcome(OutcomeKind.Delivered, 0), Outcome(OutcomeKind.Failed, 1), Outcome(OutcomeKind.Failed, 2)]))!.Value;
        Assert.Contains("Final-Recipient: RFC822; r0@example.net\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: RFC822; r1@example.net\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("r2@example.net", text, StringComparison.Ordinal);
        Assert.Contains("Subject: Returned mail: see transcript for details\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_the_null_reverse_path_goes_to_the_postmaster_only()
    {
        QueueEntry entry = Entry() with { Envelope = Entry().Envelope with { ReversePath = ReversePath.Null } };
        (QueueEnvelope envelope, string text) = (await Notify(entry, Outcome(OutcomeKind.Failed)))!.Value;
        Assert.Equal("postmaster@mx.example.org", Assert.Single(envelope.Recipients).Address.Address);
        Assert.Contains("Subject: Postmaster notify: see transcript for details\r\n", text, StringComparison.Ordinal);
        Assert.Contains("with id 6AKOriginal001\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OutcomeKind.Delivered)]
    [InlineData(OutcomeKind.Deferred)]
    public async Task The_null_reverse_path_is_never_told_of_success_or_delay(OutcomeKind kind)
    {
        QueueEntry entry = Entry(DsnNotify.Success | DsnNotify.Delay) with { Envelope = Entry(DsnNotify.Success | DsnNotify.Delay).Envelope with { ReversePath = ReversePath.Null } };
        Assert.Null(await Notify(entry, Outcome(kind), delayed: [0]));
    }

    [Fact]
    public async Task A_failing_double_bounce_is_dropped_with_a_line()
    {
        QueueEntry entry = Entry() with { Envelope = Entry().Envelope with { ReversePath = ReversePath.Null } };
        (QueueEnvelope doubleBounce, _) = (await Notify(entry, Outcome(OutcomeKind.Failed)))!.Value;
        lines.Lines.Clear();
        Assert.Null(await Notify(entry with { Envelope = doubleBounce }, Outcome(OutcomeKind.Failed)));
        Assert.Equal("6AKReport00001: double bounce failed, dropped: <r0@example.net> 5.1.1 User unknown", Assert.Single(lines.Lines).Replace("postmaster@mx.example.org", "r0@example.net", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failing_report_becomes_one_double_bounce()
    {
        (QueueEnvelope report, _) = (await Notify(Entry(), Outcome(OutcomeKind.Failed)))!.Value;
        (QueueEnvelope second, _) = (await Notify(Entry() with { Envelope = report }, Outcome(OutcomeKind.Failed)))!.Value;
        Assert.Equal("postmaster@mx.example.org", second.Recipients[0].Address.Address);
        Assert.Null(await Notify(Entry() with { Envelope = second }, Outcome(OutcomeKind.Failed)));
    }

    [Fact]
    public async Task An_empty_DoubleBounceAddress_drops_double_bounces()
    {
        QueueEntry entry = Entry() with { Envelope = Entry().Envelope with { ReversePath = ReversePath.Null } };
        Assert.Null(await Notify(entry, Outcome(OutcomeKind.Failed), settings: Settings with { DoubleBounceAddress = "" }));
        Assert.Single(lines.Lines);
    }

    [Fact]
    public async Task Content_that_holds_the_boundary_gets_another()
    {
        string first = Postrider.Mail.Dsn.DeliveryReport.BoundaryFor("6AKReport00001", clock.GetUtcNow(), "mx.example.org");
        (_, string text) = (await Notify(Entry(), Outcome(OutcomeKind.Failed), content: $"Subject: x\r\n\r\n--{first}\r\nforged\r\n"))!.Value;
        Assert.Contains("boundary=\"6AKReport00001." + clock.GetUtcNow().ToUnixTimeSeconds() + ".1/mx.example.org\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eight_bit_content_makes_an_eight_bit_report()
    {
        (QueueEnvelope envelope, string text) = (await Notify(Entry(), Outcome(OutcomeKind.Failed), content: "Subject: caf\u00e9\r\n\r\n\u00e9"))!.Value;
        Assert.Equal(BodyType.EightBitMime, envelope.Body);
        Assert.Contains("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Subject: caf\u00e9\r\n\r\n\u00e9\r\n\r\n--", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_content_is_streamed_whole()
    {
        string body = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i} of a large body\r\n"));
        QueueEntry entry = Entry() with { ContentOctets = body.Length };
        (_, string text) = (await Notify(entry, Outcome(OutcomeKind.Failed), content: "Subject: x\r\n\r\n" + body))!.Value;
        Assert.Contains(body, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_store_leaves_no_draft_behind()
    {
        OneMessageStore store = new(Content) { IsFull = true };
        Notifier notifier = new(store, Settings, new SendmailLog(lines), clock);
        await Assert.ThrowsAsync<QueueStoreUnavailableException>(async () => await notifier.NotifyAsync(Notice(Entry(), [Outcome(OutcomeKind.Failed)], []), CancellationToken.None));
        Assert.True(Assert.Single(store.Drafts).IsDisposed);
    }

    [Fact]
    public async Task The_owner_of_a_list_is_told_of_its_members_and_the_originator_of_the_rest()
    {
        QueueEntry entry = Entry(DsnNotify.Unspecified, DsnNotify.Unspecified);
        QueueRecipient member = entry.Envelope.Recipients[1] with { Owner = ReversePath.Of("owner-list@example.org"), ExpandedFrom = ForwardPath.Of("list@example.org") };
        entry = entry with { Envelope = entry.Envelope with { EnvelopeId = "e1", Recipients = entry.Envelope.Recipients.SetItem(1, member) } };
        OneMessageStore store = new(Content);
        Notifier notifier = new(store, Settings, new SendmailLog(lines), clock);
        IReadOnlyList<QueueSuccessor> reports = await notifier.NotifyAsync(Notice(entry, [Outcome(OutcomeKind.Failed), Outcome(OutcomeKind.Failed, 1)], []), CancellationToken.None);
        Assert.Equal(["<alice@example.org>", "<owner-list@example.org>"], reports.Select(one => Assert.Single(one.Envelope.Recipients).Address.ToString()));
        string[] texts = [.. reports.Select(one => ((OneMessageStore.TakenDraft)one.Draft).Text)];
        Assert.Contains("Original-Envelope-Id: e1\r\n", texts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("r1@example.net", texts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Original-Envelope-Id", texts[1], StringComparison.Ordinal);
        Assert.Contains("r1@example.net\r\n    (reason: 550 5.1.1 no such user)\r\n    (expanded from: <list@example.org>)\r\n", texts[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OutcomeKind.Expanded, "<r0@example.net>  (expanded by alias)", "Action: expanded (to multi-recipient alias)")]
    [InlineData(OutcomeKind.DeliveredToList, "<r0@example.net>  (successfully delivered to mailing list)", "Action: delivered (to mailing list)")]
    public async Task An_expansion_is_told_to_who_asked_for_success(OutcomeKind kind, string section, string action)
    {
        (_, string text) = (await Notify(Entry(DsnNotify.Success), Outcome(kind)))!.Value;
        Assert.Contains(section + "\r\n", text, StringComparison.Ordinal);
        Assert.Contains(action + "\r\n", text, StringComparison.Ordinal);
        Assert.Contains("<r0@example.net>... expanded to multiple addresses\r\n", text, StringComparison.Ordinal);
        Assert.Null(await Notify(Entry(DsnNotify.Failure), Outcome(kind)));
    }

    [Fact]
    public async Task A_reply_that_names_the_address_itself_stands_as_it_is()
    {
        RecipientOutcome facts = new(0, OutcomeKind.Failed, new EnhancedStatusCode(5, 4, 6), "aliasing/forwarding loop broken") { LocalReply = "554 5.4.6 aliasing/forwarding loop broken" };
        (_, string text) = (await Notify(Entry(), new QueueWorkerOutcome(facts)))!.Value;
        Assert.Contains("\r\n<r0@example.net>\r\n\r\n   ----- Transcript of session follows -----\r\n554 5.4.6 aliasing/forwarding loop broken\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Diagnostic-Code", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_reaches_whom_the_aliases_name()
    {
        RoutingSettings routing = new() { HostName = "mx.example.org", Local = new LocalNames(["example.org"], []), Mailboxes = new FakeMailboxes("carol") };
        FakeAliases aliases = new("alice: carol");
        RecipientExpander expander = new(new ExpansionSettings { HostName = "mx.example.org" }, new AliasMaps([aliases]), new NativeRecipientResolver(new Router(routing), routing), null);
        Notifier notifier = new(new OneMessageStore(Content), Settings, new SendmailLog(lines), clock, () => expander);
        QueueSuccessor report = Assert.Single(await notifier.NotifyAsync(Notice(Entry(), [Outcome(OutcomeKind.Failed)], []), CancellationToken.None));
        QueueRecipient reader = Assert.Single(report.Envelope.Recipients);
        Assert.Equal(("carol", "alice@example.org"), (reader.Address.Address, reader.ExpandedFrom!.Address));
        aliases.Broken.Add("alice");
        await Assert.ThrowsAsync<MapUnavailableException>(async () => await notifier.NotifyAsync(Notice(Entry(), [Outcome(OutcomeKind.Failed)], []), CancellationToken.None));
    }

    private static NotifierSettings Settings { get; } = new() { HostName = "mx.example.org", Version = "0.1.0/0.1.0" };

    private QueueEntry Entry(params DsnNotify[] notify)
    {
        if (notify.Length == 0) notify = [DsnNotify.Unspecified];
        return new QueueEntry
        {
            Envelope = new QueueEnvelope
            {
                Id = new QueueId("6AKOriginal001"),
                ArrivalTime = clock.GetUtcNow(),
                ReversePath = ReversePath.Of("alice@example.org"),
                Recipients = [.. notify.Select((n, i) => new QueueRecipient(ForwardPath.Of($"r{i}@example.net")) { Notify = n })],
                ReceivedFrom = "client.example.org [192.0.2.1]",
            },
            ContentOctets = Content.Length,
            Recipients = [.. notify.Select(_ => RecipientState.Pending)],
        };
    }

    private static QueueWorkerOutcome Outcome(OutcomeKind kind, int recipient = 0) => new(kind switch
    {
        OutcomeKind.Failed => new RecipientOutcome(recipient, kind, new EnhancedStatusCode(5, 1, 1), "User unknown") { RemoteMta = "mx.example.net", RemoteReply = "550 5.1.1 no such user", Command = "RCPT To:<r>" },
        OutcomeKind.Deferred => new RecipientOutcome(recipient, kind, new EnhancedStatusCode(4, 3, 0), "Deferred: 451 4.3.0 later") { RemoteMta = "mx.example.net", RemoteReply = "451 4.3.0 later" },
        _ => new RecipientOutcome(recipient, kind, new EnhancedStatusCode(2, 0, 0), "Sent"),
    });

    private QueueNotice Notice(QueueEntry entry, IReadOnlyList<AttemptOutcome> outcomes, IReadOnlyList<int> delayed) => new()
    {
        Entry = entry,
        Outcomes = outcomes,
        Delayed = delayed,
        RetryUntil = clock.GetUtcNow().AddDays(5),
        AttemptedAt = clock.GetUtcNow(),
    };

    private ValueTask<(QueueEnvelope Envelope, string Text)?> Notify(QueueEntry entry, AttemptOutcome outcome, IReadOnlyList<int>? delayed = null, NotifierSettings? settings = null, string content = Content) =>
        Notify(entry, [outcome], delayed, settings, content);

    private async ValueTask<(QueueEnvelope Envelope, string Text)?> Notify(
        QueueEntry entry,
        IReadOnlyList<AttemptOutcome> outcomes,
        IReadOnlyList<int>? delayed = null,
        NotifierSettings? settings = null,
        string content = Content)
    {
        OneMessageStore store = new(content);
        Notifier notifier = new(store, settings ?? Settings, new SendmailLog(lines), clock);
        IReadOnlyList<QueueSuccessor> successors = await notifier.NotifyAsync(Notice(entry, outcomes, delayed ?? []), CancellationToken.None);
        if (successors.Count == 0)
        {
            Assert.Empty(store.Drafts);
            return null;
        }

        QueueSuccessor successor = Assert.Single(successors);
        return (successor.Envelope, ((OneMessageStore.TakenDraft)successor.Draft).Text);
    }

    private sealed class LineRecorder : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
