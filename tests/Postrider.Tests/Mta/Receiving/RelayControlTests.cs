using Postrider.Mail;
using Postrider.Mta.Receiving;
using Postrider.Smtp.Server;

namespace Postrider.Tests.Mta.Receiving;

/// <summary>Oracle 05 and 10: who may send where, and every address form that tries to sneak through.</summary>
public sealed class RelayControlTests
{
    [Theory]
    [InlineData("<someone@example.org>", "550 5.7.1 <someone@example.org>... Relaying denied")]
    [InlineData("<alice@oracle.test>", "250 2.1.5 <alice@oracle.test>... Recipient ok")]
    [InlineData("<someone%example.org@oracle.test>", "550 5.7.1 <someone%example.org@oracle.test>... Relaying denied")]
    [InlineData("<someone@example.org@oracle.test>", "553 5.1.3 <someone@example.org@oracle.test>... Invalid route address")]
    [InlineData("<@oracle.test:someone@example.org>", "550 5.7.1 <@oracle.test:someone@example.org>... Relaying denied")]
    [InlineData("<example.org!someone>", "550 5.7.1 <example.org!someone>... Relaying denied")]
    [InlineData("<oracle.test!someone@example.org>", "550 5.7.1 <oracle.test!someone@example.org>... Relaying denied")]
    [InlineData("<\"someone@example.org\"@oracle.test>", "550 5.7.1 <\"someone@example.org\"@oracle.test>... Relaying denied")]
    [InlineData("<alice@mx.oracle.test>", "250 2.1.5 <alice@mx.oracle.test>... Recipient ok")]
    [InlineData("<alice@sub.oracle.test>", "550 5.7.1 <alice@sub.oracle.test>... Relaying denied")]
    [InlineData("<example.org!alice@oracle.test>", "550 5.7.1 <example.org!alice@oracle.test>... Relaying denied")]
    [InlineData("<\"alice@example.org\">", "550 5.7.1 <\"alice@example.org\">... Relaying denied")]
    [InlineData("<alice>", "250 2.1.5 <alice>... Recipient ok")]
    [InlineData("<alice+detail@oracle.test>", "250 2.1.5 <alice+detail@oracle.test>... Recipient ok")]
    [InlineData("<postmaster>", "250 2.1.5 <postmaster>... Recipient ok")]
    [InlineData("<Postmaster@oracle.test>", "250 2.1.5 <Postmaster@oracle.test>... Recipient ok")]
    [InlineData("<@mx.oracle.test:alice@oracle.test>", "250 2.1.5 <@mx.oracle.test:alice@oracle.test>... Recipient ok")]
    [InlineData("alice@oracle.test", "250 2.1.5 alice@oracle.test... Recipient ok")]
    [InlineData("<alice@[127.0.0.1]>", "250 2.1.5 <alice@[127.0.0.1]>... Recipient ok")]
    [InlineData("<alice@[127.0.1.1]>", "250 2.1.5 <alice@[127.0.1.1]>... Recipient ok")]
    [InlineData("<alice@localhost>", "250 2.1.5 <alice@localhost>... Recipient ok")]
    [InlineData("<root@oracle.test.>", "250 2.1.5 <root@oracle.test.>... Recipient ok")]
    [InlineData("<someone@nonexistent.invalid>", "550 5.7.1 <someone@nonexistent.invalid>... Relaying denied")]
    [InlineData("<nosuch@oracle.test>", "550 5.1.1 <nosuch@oracle.test>... User unknown")]
    [InlineData("<|/bin/sh@oracle.test>", "550 5.7.1 <|/bin/sh@oracle.test>... Cannot mail directly to programs")]
    [InlineData("<\"|/bin/sh\">", "550 5.7.1 <\"|/bin/sh\">... Cannot mail directly to programs")]
    [InlineData("</etc/passwd>", "550 5.7.1 </etc/passwd>... Cannot mail directly to files")]
    [InlineData("<:include:/etc/passwd>", "550 5.7.1 <:include:/etc/passwd>... Cannot mail directly to :include:s")]
    public async Task Stranger_is_answered_as_the_oracle_answers(string recipient, string reply)
    {
        SmtpReply answer = await AskAsync(new ReceivingSite(), "127.2.0.10", recipient);
        Assert.Equal(reply, answer.ToString());
        Assert.False(answer.Reasons.IsEmpty, "no reason for the operator");
    }

    [Theory]
    [InlineData("127.2.0.20", "550 5.7.1 <x@example.org>... Relaying denied. IP name possibly forged [127.2.0.20]")]
    [InlineData("127.2.0.30", "550 5.7.1 <x@example.org>... Relaying denied. IP name lookup failed [127.2.0.30]")]
    [InlineData("127.2.0.40", "450 4.4.0 <x@example.org>... Relaying temporarily denied. Cannot resolve PTR record for 127.2.0.40")]
    [InlineData("127.0.0.1", "250 2.1.5 <x@example.org>... Recipient ok")]
    [InlineData("::1", "250 2.1.5 <x@example.org>... Recipient ok")]
    [InlineData("::ffff:127.0.0.1", "250 2.1.5 <x@example.org>... Recipient ok")]
    [InlineData("127.0.0.2", "550 5.7.1 <x@example.org>... Relaying denied. IP name lookup failed [127.0.0.2]")]
    [InlineData(null, "250 2.1.5 <x@example.org>... Recipient ok")]
    public async Task Client_decides_about_mail_to_elsewhere(string? client, string reply) =>
        Assert.Equal(reply, (await AskAsync(new ReceivingSite(), client, "<x@example.org>")).ToString());

    [Fact]
    public async Task Stranger_is_told_to_authenticate_where_that_would_help()
    {
        ReceivingSite site = new() { TrustedMechanisms = ["PLAIN"] };
        Assert.Equal("550 5.7.1 <x@example.org>... Relaying denied. Proper authentication required.", (await AskAsync(site, "127.2.0.10", "<x@example.org>")).ToString());
    }

    [Theory]
    [InlineData("PLAIN", true)]
    [InlineData("plain", true)]
    [InlineData("LOGIN", false)]
    public async Task Authentication_permits_only_by_a_trusted_mechanism(string mechanism, bool permits)
    {
        ReceivingSite site = new() { TrustedMechanisms = ["PLAIN"] };
        SmtpReply reply = await AskAsync(site, "127.2.0.10", "<x@example.org>", new AuthFacts(mechanism, "alice", "alice"));
        Assert.True(reply.IsPositive == permits, reply.ToString());
    }

    [Theory]
    [InlineData("example.org", "127.2.0.10", "<x@sub.example.org>", true)]
    [InlineData("example.org", "127.2.0.10", "<x%example.com@example.org>", false)]
    [InlineData("example.org", "127.2.0.10", "<\"x@example.com\"@example.org>", false)]
    [InlineData("example.org", "127.2.0.10", "<x%sub.example.org@example.org>", true)]
    [InlineData("example.org", "127.2.0.10", "<|x%example.com@example.org>", false)]
    [InlineData("example.org", "127.2.0.10", "</x%example.com@example.org>", false)]
    [InlineData("example.org", "127.2.0.10", "<:x%example.com@example.org>", false)]
    [InlineData("example.org", "127.2.0.10", "<!example.com!x@example.org>", false)]
    [InlineData("example.org", "127.2.0.10", "<x%example.com%@example.org>", false)]
    [InlineData("example.org", "127.2.0.10", "<\"|x@example.com\"@example.org>", false)]
    [InlineData("example.org", "127.2.0.10", "<x+y=z@example.org>", true)]
    [InlineData("example.net", "127.2.0.10", "<x@example.com>", true)]
    [InlineData("example.net", "127.2.0.20", "<x@example.com>", false)]
    [InlineData("127.2.0", "127.2.0.30", "<x@example.com>", true)]
    [InlineData("127.2.0.3", "127.2.0.30", "<x@example.com>", false)]
    public async Task Relay_domain_permits_its_clients_and_its_recipients(string domain, string client, string recipient, bool permits)
    {
        SmtpReply reply = await AskAsync(new ReceivingSite { RelayDomains = [domain] }, client, recipient);
        Assert.True(reply.IsPositive == permits, reply.ToString());
    }

    [Fact]
    public async Task Refusal_is_logged_as_a_ruleset()
    {
        ReceivingSite site = new();
        await AskAsync(site, "127.2.0.10", "<x@example.org>");
        Assert.Contains(
            "ruleset=check_rcpt, arg1=<x@example.org>, relay=client10.example.net [127.2.0.10], reject=550 5.7.1 <x@example.org>... Relaying denied",
            site.Log.Lines,
            StringComparer.Ordinal);
    }

    private static async Task<SmtpReply> AskAsync(ReceivingSite site, string? client, string recipient, AuthFacts? auth = null)
    {
        await using MtaSessionHandler handler = await site.ConnectAsync(client, auth: auth);
        (ReversePath from, MailParameters mail) = ReceivingSite.Mail("<a@example.net>");
        MailAnswer answer = await handler.MailAsync(from, mail, TestContext.Current.CancellationToken);
        Assert.True(answer.Reply.IsPositive, answer.Reply.ToString());
        await using IMailTransaction transaction = answer.Transaction!;
        (ForwardPath path, RcptParameters rcpt) = ReceivingSite.Rcpt(recipient);
        return await transaction.RecipientAsync(path, rcpt, TestContext.Current.CancellationToken);
    }
}
