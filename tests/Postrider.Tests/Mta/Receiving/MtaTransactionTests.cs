using System.Text;
using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Policy;
using Postrider.Mta.Receiving;
using Postrider.Queue;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;
using Postrider.Tests.Mta.Policy;

namespace Postrider.Tests.Mta.Receiving;

public sealed class MtaTransactionTests
{
    private const string Message = "From: sender@example.net\r\nTo: alice@oracle.test\r\nSubject: test\r\n\r\nhello\r\n.dot\r\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task Message_is_committed_as_the_oracle_delivers_it(int sliceOctets)
    {
        ReceivingSite site = new();
        SmtpReply reply = await SendAsync(site, "127.2.0.10", Message, ["<alice@oracle.test>"], sliceOctets);
        Assert.Equal("250 2.0.0 6AKNGb00000001 Message accepted for delivery", reply.ToString());
        (QueueEnvelope envelope, _, byte[] content) = Assert.Single(site.Queue.Committed);
        Assert.Equal(
            """
            Received: from client.example (client10.example.net [127.2.0.10])
            	by mx.oracle.test (0.1.0/0.1.0) with ESMTP id 6AKNGb00000001
            	for <alice@oracle.test>; Fri, 20 Nov 2026 23:42:57 GMT
            Date: Fri, 20 Nov 2026 23:42:57 GMT
            Message-Id: <202611202342.6AKNGb00000001@mx.oracle.test>
            From: sender@example.net
            To: alice@oracle.test
            Subject: test

            hello
            .dot

            """.ReplaceLineEndings("\r\n"),
            Encoding.Latin1.GetString(content));
        Assert.Equal("a@example.net", envelope.ReversePath.Address);
        Assert.Equal("client10.example.net [127.2.0.10]", envelope.ReceivedFrom);
        Assert.Equal(1, envelope.HopCount);
        Assert.Equal("alice@oracle.test", Assert.Single(envelope.Recipients).Address.Address);
    }

    [Fact]
    public async Task Two_recipients_are_not_named_in_the_trace_field()
    {
        ReceivingSite site = new();
        await SendAsync(site, "127.0.0.1", Message, ["<alice@oracle.test>", "<x@example.org>"]);
        (QueueEnvelope envelope, _, byte[] content) = Assert.Single(site.Queue.Committed);
        Assert.StartsWith(
            "Received: from client.example (localhost [127.0.0.1])\r\n\tby mx.oracle.test (0.1.0/0.1.0) with ESMTP id 6AKNGb00000001;\r\n\tFri, 20 Nov 2026 23:42:57 GMT\r\nDate:",
            Encoding.Latin1.GetString(content),
            StringComparison.Ordinal);
        Assert.Equal(2, envelope.Recipients.Length);
    }

    [Fact]
    public async Task Trace_field_tells_tls_and_authentication()
    {
        ReceivingSite site = new();
        SmtpSessionFacts session = ReceivingSite.SessionFrom("127.2.0.10");
        session.HeloName = "client.example";
        session.IsExtended = true;
        session.Auth = new AuthFacts("PLAIN", "alice", "alice");
        session.Tls = new TlsFacts { Verify = TlsVerify.No, Version = "TLSv1.3", Cipher = "TLS_AES_256_GCM_SHA384", CipherBits = 256, AlgorithmBits = 256 };
        await using MtaSessionHandler handler = site.Handler(session);
        await handler.ConnectAsync(Ct);
        await SendAsync(handler, Message, ["<alice@oracle.test>"]);
        Assert.StartsWith(
            "Received: from client.example (client10.example.net [127.2.0.10])\r\n\t(authenticated bits=0)\r\n\tby mx.oracle.test (0.1.0/0.1.0) with ESMTPSA id 6AKNGb00000001\r\n"
            + "\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO)\r\n\tfor <alice@oracle.test>; Fri, 20 Nov 2026 23:42:57 GMT\r\n",
            Encoding.Latin1.GetString(site.Queue.Committed[0].Content),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.2.0.20", "(client20.example.net [127.2.0.20] (may be forged))")]
    [InlineData("127.2.0.30", "([127.2.0.30])")]
    [InlineData("127.2.0.50", "([127.2.0.50])")]
    public async Task Trace_field_shows_how_far_the_name_is_known(string client, string shown)
    {
        ReceivingSite site = new();
        await SendAsync(site, client, Message, ["<alice@oracle.test>"]);
        Assert.StartsWith("Received: from client.example " + shown + "\r\n", Encoding.Latin1.GetString(site.Queue.Committed[0].Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Local_submission_is_traced_to_its_user()
    {
        ReceivingSite site = new();
        await using MtaSessionHandler handler = await site.ConnectAsync(null, helo: false);
        await SendAsync(handler, Message, ["<alice>"], from: "<bob>");
        (QueueEnvelope envelope, _, byte[] content) = Assert.Single(site.Queue.Committed);
        Assert.StartsWith("Received: (from bob@localhost)\r\n\tby mx.oracle.test (0.1.0/0.1.0) id 6AKNGb00000001\r\n\tfor <alice>; ", Encoding.Latin1.GetString(content), StringComparison.Ordinal);
        Assert.Equal("bob@mx.oracle.test", envelope.ReversePath.Address);
    }

    [Fact]
    public async Task Incoming_return_path_and_bcc_do_not_stay()
    {
        ReceivingSite site = new();
        await SendAsync(site, "127.2.0.10", "Return-Path: <fake@fake>\r\nBcc: secret@example.org\r\nX-Weird : v\r\n" + Message, ["<alice>"]);
        string content = Encoding.Latin1.GetString(site.Queue.Committed[0].Content);
        Assert.DoesNotContain("Return-Path", content, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", content, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\nX-Weird: v\r\n", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_without_header_section_gets_one()
    {
        ReceivingSite site = new();
        await SendAsync(site, "127.2.0.10", "just a body\r\n", ["<alice>"]);
        Assert.EndsWith("\r\n\r\njust a body\r\n", Encoding.Latin1.GetString(site.Queue.Committed[0].Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_helo_is_warned_about_when_the_site_wants_that()
    {
        ReceivingSite site = new() { Privacy = PrivacyFlags.AuthWarnings };
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10", helo: false);
        await SendAsync(handler, Message, ["<alice>"]);
        Assert.Contains(
            "\r\nMessage-Id: <202611202342.6AKNGb00000001@mx.oracle.test>\r\nX-Authentication-Warning: mx.oracle.test: client10.example.net [127.2.0.10] didn't use HELO protocol\r\nFrom: ",
            Encoding.Latin1.GetString(site.Queue.Committed[0].Content),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bob", "eve@example.net", true)]
    [InlineData("bob", "alice", true)]
    [InlineData("bob", "bob", false)]
    [InlineData("bob", "bob@mx.oracle.test", false)]
    [InlineData("root", "eve@example.net", false)]
    public async Task Local_user_who_names_another_sender_is_told_of(string user, string sender, bool isTold)
    {
        ReceivingSite site = new() { Privacy = PrivacyFlags.AuthWarnings };
        SmtpSessionFacts session = new("6AKNGb00000000", new ListenerFacts("local", null), null, site.Time.GetUtcNow()) { LocalUser = user };
        await using MtaSessionHandler handler = site.Handler(session);
        await handler.ConnectAsync(Ct);
        MailAnswer answer = await handler.MailAsync(ReversePath.Of(sender), MailParameters.None, Ct);
        await using IMailTransaction transaction = answer.Transaction!;
        await RcptAsync(transaction, "<alice>");
        Assert.True((await transaction.ReceiveAsync(new SlicedContent(Message), Ct)).IsPositive);
        string content = Encoding.Latin1.GetString(site.Queue.Committed[0].Content);
        Assert.Equal(isTold, content.Contains($"X-Authentication-Warning: mx.oracle.test: {user} set sender to ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Same_mailbox_again_is_answered_with_its_first_spelling_and_counted_once()
    {
        ReceivingSite site = new();
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10");
        await using IMailTransaction transaction = await BeginAsync(handler);
        Assert.Equal("250 2.1.5 <alice@oracle.test>... Recipient ok", (await RcptAsync(transaction, "<alice@oracle.test>")).ToString());
        Assert.Equal("250 2.1.5 <alice@oracle.test>... Recipient ok", (await RcptAsync(transaction, "<ALICE@ORACLE.TEST>")).ToString());
        Assert.Equal("250 2.1.5 <alice@oracle.test>... Recipient ok", (await RcptAsync(transaction, "<alice@[127.0.0.1]>")).ToString());
        await transaction.ReceiveAsync(new SlicedContent(Message), Ct);
        Assert.Single(site.Queue.Committed[0].Envelope.Recipients);
    }

    [Fact]
    public async Task Details_of_one_mailbox_do_not_multiply_a_message()
    {
        ReceivingSite site = new();
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10");
        await using IMailTransaction transaction = await BeginAsync(handler);
        Assert.Equal("250 2.1.5 <bob+1>... Recipient ok", (await RcptAsync(transaction, "<bob+1>")).ToString());
        Assert.Equal("250 2.1.5 <bob+1>... Recipient ok", (await RcptAsync(transaction, "<bob+2>")).ToString());
        await transaction.ReceiveAsync(new SlicedContent(Message), Ct);
        Assert.Single(site.Queue.Committed[0].Envelope.Recipients);
    }

    [Fact]
    public async Task Recipients_above_the_limit_are_put_off()
    {
        ReceivingSite site = new() { MaxRecipients = 1 };
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10");
        await using IMailTransaction transaction = await BeginAsync(handler);
        await RcptAsync(transaction, "<alice>");
        Assert.Equal("452 4.5.3 Too many recipients", (await RcptAsync(transaction, "<bob>")).ToString());
    }

    [Theory]
    [InlineData(true, "452 4.3.1 Insufficient disk space; try again later")]
    [InlineData(false, "451 4.3.0 Temporary system failure. Please try again later.")]
    public async Task Store_that_fails_is_never_a_250(bool isDiskFull, string reply)
    {
        QueueStoreUnavailableException failure = new("no", isDiskFull);
        ReceivingSite atAppend = new();
        atAppend.Queue.FailsAtAppend = failure;
        Assert.Equal(reply, (await SendAsync(atAppend, "127.2.0.10", Message, ["<alice>"])).ToString());
        ReceivingSite atCommit = new();
        atCommit.Queue.FailsAtCommit = failure;
        Assert.Equal(reply, (await SendAsync(atCommit, "127.2.0.10", Message, ["<alice>"])).ToString());
        Assert.False(Assert.Single(atCommit.Log.Transactions).IsAccepted);
    }

    [Fact]
    public async Task Content_that_must_not_be_accepted_commits_nothing()
    {
        ReceivingSite site = new();
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10");
        await using IMailTransaction transaction = await BeginAsync(handler);
        await RcptAsync(transaction, "<alice>");
        SmtpContentException smuggled = new(SmtpReply.Of(421, "4.5.0", "Bare linefeed (LF) not allowed"), "bare LF");
        SmtpContentException passed = await Assert.ThrowsAsync<SmtpContentException>(
            async () => await transaction.ReceiveAsync(new SlicedContent(Message) { EndsWith = smuggled }, Ct));
        Assert.Same(smuggled, passed);
        Assert.Empty(site.Queue.Committed);
    }

    [Fact]
    public async Task Message_above_the_limit_is_refused()
    {
        ReceivingSite site = new() { MaxMessageSize = 200 };
        SmtpReply reply = await SendAsync(site, "127.2.0.10", Message + new string('x', 200) + "\r\n", ["<alice>"], 50);
        Assert.Equal("552 5.2.3 Message exceeds maximum fixed size (200)", reply.ToString());
        Assert.Empty(site.Queue.Committed);
    }

    [Fact]
    public async Task Header_section_above_the_limit_is_refused()
    {
        ReceivingSite site = new() { MaxHeaders = 1500 };
        SmtpReply reply = await SendAsync(site, "127.2.0.10", "X-Long: " + new string('y', 1600) + "\r\n\r\nb\r\n", ["<alice>"], 50);
        Assert.Equal("552 5.6.0 Headers too large (1500 max)", reply.ToString());
        Assert.Empty(site.Queue.Committed);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public async Task Message_that_has_come_around_too_often_is_refused(int hops, bool taken)
    {
        ReceivingSite site = new() { MaxHops = 5 };
        string trace = string.Concat(Enumerable.Repeat("Received: from a by b; Fri, 20 Nov 2026 22:00:00 GMT\r\n", hops));
        SmtpReply reply = await SendAsync(site, "127.2.0.10", trace + Message, ["<alice>"]);
        Assert.Equal(taken ? 250 : 554, reply.Code);
        if (!taken) Assert.Equal("554 5.4.6 Too many hops 6 (5 max)", reply.ToString());
    }

    [Theory]
    [InlineData(true, "a@example.net")]
    [InlineData(false, "")]
    public async Task Auth_parameter_is_passed_on_where_trust_auth_says_nothing_against_it(bool trusts, string stored)
    {
        RulesetResult said = trusts ? RulesetResult.Ok(ReasonChain.None) : RulesetResult.Error("5.7.1", "550 not you", ReasonChain.None);
        ReceivingSite site = new() { SiteRulesets = [new FixedRuleset("trust_auth", said)] };
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10", auth: new AuthFacts("PLAIN", "alice", "alice"));
        MailAnswer answer = await handler.MailAsync(ReversePath.Of("a@example.net"), new MailParameters { Auth = "a@example.net" }, Ct);
        await using IMailTransaction transaction = answer.Transaction!;
        await RcptAsync(transaction, "<alice@oracle.test>");
        await transaction.ReceiveAsync(new SlicedContent(Message), Ct);
        Assert.Equal(stored, Assert.Single(site.Queue.Committed).Envelope.Auth);
    }

    [Fact]
    public async Task Parameters_of_the_envelope_are_kept()
    {
        ReceivingSite site = new();
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10");
        MailParameters parameters = new() { Body = BodyType.EightBitMime, Return = DsnReturn.Headers, EnvelopeId = "abc def", Auth = "a@example.net" };
        MailAnswer answer = await handler.MailAsync(ReversePath.Of("a@example.net"), parameters, Ct);
        await using IMailTransaction transaction = answer.Transaction!;
        OriginalRecipient original = new("rfc822", "alice@x");
        await transaction.RecipientAsync(ForwardPath.Of("alice"), new RcptParameters { Notify = DsnNotify.Never, OriginalRecipient = original }, Ct);
        await transaction.ReceiveAsync(new SlicedContent(Message), Ct);
        QueueEnvelope envelope = site.Queue.Committed[0].Envelope;
        Assert.Equal((BodyType.EightBitMime, DsnReturn.Headers, "abc def"), (envelope.Body, envelope.Return, envelope.EnvelopeId));
        Assert.Equal((DsnNotify.Never, original), (envelope.Recipients[0].Notify, envelope.Recipients[0].OriginalRecipient));
        Assert.Equal("", envelope.Auth);
    }

    [Fact]
    public async Task Check_at_the_end_of_data_refuses_what_was_received()
    {
        ReceivingSite site = new() { SiteRulesets = [new FixedRuleset("check_eom", RulesetResult.Error("5.7.1", "554 spam", ReasonChain.None))] };
        Assert.Equal("554 5.7.1 spam", (await SendAsync(site, "127.2.0.10", Message, ["<alice>"])).ToString());
        Assert.Empty(site.Queue.Committed);
    }

    [Fact]
    public async Task Discarded_message_is_answered_well_and_never_queued()
    {
        ReceivingSite site = new() { SiteRulesets = [new FixedRuleset("Local_check_mail", RulesetResult.Discard(ReasonChain.None))] };
        Assert.Equal(250, (await SendAsync(site, "127.2.0.10", Message, ["<alice>"])).Code);
        Assert.Empty(site.Queue.Committed);
    }

    [Fact]
    public async Task Quarantined_message_is_queued_with_its_reason()
    {
        ReceivingSite site = new() { SiteRulesets = [new FixedRuleset("check_eoh", RulesetResult.Error("quarantine", "odd", ReasonChain.None))] };
        await SendAsync(site, "127.2.0.10", Message, ["<alice>"]);
        Assert.Equal("odd", Assert.Single(site.Queue.Committed).Options?.Quarantine);
    }

    [Fact]
    public async Task Nothing_of_one_transaction_reaches_the_next()
    {
        ReceivingSite site = new() { Privacy = PrivacyFlags.AuthWarnings };
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10");
        await using (IMailTransaction first = await BeginAsync(handler)) await RcptAsync(first, "<alice>");
        await using IMailTransaction second = await BeginAsync(handler);
        await RcptAsync(second, "<bob>");
        await second.ReceiveAsync(new SlicedContent(Message), Ct);
        Assert.Equal("bob", Assert.Single(Assert.Single(site.Queue.Committed).Envelope.Recipients).Address.Address);
    }

    [Fact]
    public async Task Transaction_is_logged_once_with_what_the_from_line_says()
    {
        ReceivingSite site = new();
        await SendAsync(site, "127.2.0.10", Message, ["<alice>", "<bob>"]);
        TransactionSummary summary = Assert.Single(site.Log.Transactions);
        Assert.Equal(("<a@example.net>", 2, (long)Message.Replace("\r\n", "\n", StringComparison.Ordinal).Length, true), (summary.From, summary.Recipients, summary.Octets, summary.IsAccepted));
        Assert.Equal("<202611202342.6AKNGb00000001@mx.oracle.test>", summary.MessageId);
    }

    private static async Task<SmtpReply> SendAsync(ReceivingSite site, string? client, string message, string[] recipients, int sliceOctets = int.MaxValue)
    {
        await using MtaSessionHandler handler = await site.ConnectAsync(client);
        return await SendAsync(handler, message, recipients, sliceOctets);
    }

    private static async Task<SmtpReply> SendAsync(MtaSessionHandler handler, string message, string[] recipients, int sliceOctets = int.MaxValue, string from = "<a@example.net>")
    {
        await using IMailTransaction transaction = await BeginAsync(handler, from);
        foreach (string recipient in recipients)
        {
            SmtpReply reply = await RcptAsync(transaction, recipient);
            Assert.True(reply.IsPositive, reply.ToString());
        }

        Assert.Null(await transaction.DataAsync(Ct));
        return await transaction.ReceiveAsync(new SlicedContent(message, sliceOctets), Ct);
    }

    private static async Task<IMailTransaction> BeginAsync(MtaSessionHandler handler, string from = "<a@example.net>")
    {
        (ReversePath path, MailParameters parameters) = ReceivingSite.Mail(from);
        MailAnswer answer = await handler.MailAsync(path, parameters, Ct);
        Assert.True(answer.Reply.IsPositive, answer.Reply.ToString());
        return answer.Transaction!;
    }

    private static async Task<SmtpReply> RcptAsync(IMailTransaction transaction, string recipient)
    {
        (ForwardPath path, RcptParameters parameters) = ReceivingSite.Rcpt(recipient);
        return await transaction.RecipientAsync(path, parameters, Ct);
    }
}
