using System.Text;
using Postrider.Mail;
using Postrider.Mta.Delivery;
using Postrider.Mta.Delivery.Mailers;

namespace Postrider.Tests.Mta.Delivery.Mailers;

public sealed class RewritingAgentTests
{
    // Senders of oracle.test are shown as masq.test; a name without domain gets one that tells which ruleset gave it.
    private const string Rules = """
        Kdown stab x
        S3
        R$*<$+>$*	$: $2
        R$+@	$@
        R$+@$+	$@ $1<@$2>
        S1
        R$+<@oracle.test>	$: $1<@masq.test>
        S4
        R$+<@$+>	$1@$2
        SSenderE
        Rasked	$: $( down asked $: x $)
        R$-	$: $1<@env.test>
        SSenderH
        R$-	$: $1<@hdr.test>
        SRcptE
        SRcptH
        Rasked	$: $( down asked $: x $)
        R$-	$: $1<@rcpt.test>

        """;

    private static readonly MailerDefinition esmtp = new() { Name = "esmtp", Path = "[IPC]", Arguments = ["TCP", "$h"], Flags = "mDFMuXa", SenderEnvelope = "SenderE", SenderHeader = "SenderH", RecipientEnvelope = "RcptE", RecipientHeader = "RcptH" };

    [Theory]
    [InlineData("bob@oracle.test", "bob@masq.test")]
    [InlineData("bob", "bob@env.test")]
    [InlineData("a@example.net", "a@example.net")]
    public async Task Envelope_sender_goes_through_the_first_half_of_S(string sender, string shown) =>
        Assert.Equal(shown, (await DeliverAsync(esmtp, "Subject: x\r\n\r\n", sender)).Sender);

    /// <summary>sendmail 8.17, oracle 61: names, comments and groups stay; Return-Receipt-To is not rewritten.</summary>
    [Fact]
    public async Task Header_senders_go_through_the_second_half_of_S_and_recipients_through_that_of_R()
    {
        Capture seen = await DeliverAsync(esmtp, """
            From: "Bob, B" <bob@oracle.test> (the builder)
            Reply-To: carol (Carol)
            To: alice, group: a, b;, (c) d, x@oracle.test
            Return-Receipt-To: rr
            Subject: a
             folded
            X-Other: alice

            body

            """);
        Assert.Equal("""
            From: "Bob, B" <bob@masq.test> (the builder)
            Reply-To: carol@hdr.test (Carol)
            To: alice@rcpt.test, group: a@rcpt.test, b@rcpt.test;, (c) d@rcpt.test,
                    x@oracle.test
            Return-Receipt-To: rr
            Subject: a
             folded
            X-Other: alice

            body

            """.ReplaceLineEndings("\r\n"), seen.Content);
    }

    [Fact]
    public async Task What_the_rulesets_make_nothing_of_is_left_out_and_what_is_no_address_stays() =>
        Assert.Equal("Cc: \r\nTo: c@rcpt.test, a\"b\r\n\r\n", (await DeliverAsync(esmtp, "Cc: foo@\r\nTo: c, a\"b\r\n\r\n")).Content);

    /// <summary>Octets that are no UTF-8 come out as they went in.</summary>
    [Fact]
    public async Task Eight_bit_names_keep_their_octets()
    {
        Assert.Equal("From: caf\u00e9 <bob@masq.test>\r\n\r\n", (await DeliverAsync(esmtp, "From: caf\u00e9 <bob@oracle.test>\r\n\r\n")).Content);
        string utf8 = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("caf\u00e9"));
        Assert.Equal($"From: {utf8} <bob@masq.test>\r\n\r\n", (await DeliverAsync(esmtp, $"From: {utf8} <bob@oracle.test>\r\n\r\n")).Content);
    }

    [Fact]
    public async Task The_null_sender_stays_null_on_the_wire_and_has_a_name_for_programs()
    {
        Assert.Null((await DeliverAsync(esmtp, "a: b\r\n\r\n", "")).Sender);
        Assert.Equal("MAILER-DAEMON@env.test", (await DeliverAsync(esmtp with { Name = "local", Path = "/bin/deliver" }, "a: b\r\n\r\n", "")).Sender);
    }

    [Theory]
    [InlineData("asked", "To: a\r\n\r\n")]
    [InlineData("a", "To: asked\r\n\r\n")]
    public async Task A_map_that_gives_no_answer_defers_and_nothing_is_handed_on(string sender, string content)
    {
        Capture seen = await DeliverAsync(esmtp, content, sender);
        Assert.Equal((OutcomeKind.Deferred, "4.3.0"), (seen.Outcome!.Kind, seen.Outcome.Status.ToString()));
        Assert.Null(seen.Content);
    }

    /// <summary>Flag C of the sender's mailer: his domain is given to header addresses that have none.</summary>
    [Fact]
    public async Task Flag_C_of_the_senders_mailer_completes_header_addresses_with_his_domain() =>
        Assert.Equal("To: joe@far.example, x@y.z\r\n\r\n", (await DeliverAsync(esmtp, "To: joe, x@y.z\r\n\r\n", "bob@far.example", from: new MailerDefinition { Name = "uucp", Path = "/bin/uux", Flags = "C" })).Content);

    [Fact]
    public async Task Lines_on_the_wire_are_no_longer_than_L_and_the_body_is_otherwise_the_same()
    {
        string body = string.Concat(Enumerable.Range(0, 5000).Select(static i => $"From line {i}\r\n"));
        Capture seen = await DeliverAsync(esmtp with { LineLimit = 20 }, $"Subject: 0123456789012345678\r\n\r\n{body}.\r\nx\r\n");
        Assert.Equal($"Subject: 0123456789!\r\n 012345678\r\n\r\n{body}.\r\nx\r\n", seen.Content);
    }

    private static async Task<Capture> DeliverAsync(MailerDefinition mailer, string content, string sender = "a@example.net", MailerDefinition? from = null)
    {
        MailerRewriting rewriting = new(new RuleSite(Rules).Rules, mailer, (_, _, _) => new(from));
        Capture capture = new();
        DeliveryAttempt attempt = Attempts.To(mailer.Name, "example.org", content.ReplaceLineEndings("\r\n"), "u@example.org");
        attempt = attempt with { Envelope = attempt.Envelope with { ReversePath = ReversePath.Of(sender) } };
        capture.Outcome = Assert.Single(await new RewritingAgent(capture, rewriting, mailer, cutsLines: mailer.LineLimit > 0).DeliverAsync(attempt, TestContext.Current.CancellationToken));
        return capture;
    }

    private sealed class Capture : IDeliveryAgent
    {
        public string? Sender { get; private set; }

        public string? Content { get; private set; }

        public RecipientOutcome? Outcome { get; set; }

        public async ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
        {
            Sender = attempt.Sender;
            await using Stream content = await attempt.OpenContent(cancellationToken);
            using StreamReader reader = new(content, Encoding.Latin1);
            Content = await reader.ReadToEndAsync(cancellationToken);
            return [new RecipientOutcome(0, OutcomeKind.Delivered, new EnhancedStatusCode(2, 0, 0), "Sent")];
        }
    }
}
