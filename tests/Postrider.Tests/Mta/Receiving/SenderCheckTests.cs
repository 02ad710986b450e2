using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Policy;
using Postrider.Mta.Receiving;
using Postrider.Smtp.Server;
using Postrider.Tests.Mta.Policy;

namespace Postrider.Tests.Mta.Receiving;

/// <summary>Oracle 05 and 10: MAIL.</summary>
public sealed class SenderCheckTests
{
    [Theory]
    [InlineData("127.2.0.10", "<a@example.net>", "250 2.1.0 <a@example.net>... Sender ok")]
    [InlineData("127.2.0.10", "a@example.net", "250 2.1.0 a@example.net... Sender ok")]
    [InlineData("127.2.0.10", "<>", "250 2.1.0 <>... Sender ok")]
    [InlineData("127.2.0.10", "<a@nonexistent.invalid>", "553 5.1.8 <a@nonexistent.invalid>... Domain of sender address a@nonexistent.invalid does not exist")]
    [InlineData("127.2.0.10", "<a@tempfail.test>", "451 4.1.8 Domain of sender address a@tempfail.test does not resolve")]
    [InlineData("127.2.0.10", "<a@nullmx.example.org>", "250 2.1.0 <a@nullmx.example.org>... Sender ok")]
    [InlineData("127.2.0.10", "<unqualified>", "553 5.5.4 <unqualified>... Domain name required for sender address unqualified")]
    [InlineData("127.2.0.10", "<a@localhost>", "553 5.5.4 <a@localhost>... Real domain name required for sender address")]
    [InlineData("127.2.0.10", "<a@[127.2.0.10]>", "250 2.1.0 <a@[127.2.0.10]>... Sender ok")]
    [InlineData("127.2.0.10", "<a@[10.9.8.7]>", "553 5.1.8 <a@[10.9.8.7]>... Domain of sender address a@[10.9.8.7] does not exist")]
    [InlineData("127.2.0.10", "<a@[1.2.3]>", "553 5.1.8 <a@[1.2.3]>... Domain of sender address a@[1.2.3] does not exist")]
    [InlineData("127.2.0.10", "<alice@oracle.test>", "250 2.1.0 <alice@oracle.test>... Sender ok")]
    [InlineData("127.2.0.10", "<nosuchuser@oracle.test>", "250 2.1.0 <nosuchuser@oracle.test>... Sender ok")]
    [InlineData("127.0.0.1", "<unqualified>", "553 5.5.4 <unqualified>... Domain name required for sender address unqualified")]
    [InlineData("127.0.0.1", "<a@localhost>", "250 2.1.0 <a@localhost>... Sender ok")]
    [InlineData(null, "<unqualified>", "250 2.1.0 <unqualified>... Sender ok")]
    [InlineData("127.2.0.10", "<host!user>", "553 5.1.8 <host!user>... Domain of sender address host!user does not exist")]
    [InlineData("127.2.0.10", "<a@b@example.net>", "553 5.1.3 <a@b@example.net>... Invalid route address")]
    [InlineData("127.2.0.10", "<a@>", "553 5.1.3 <a@>... Hostname required")]
    [InlineData("127.2.0.10", "<@example.net>", "553 5.1.3 <@example.net>... User address required")]
    [InlineData("127.2.0.10", "<a b@example.net>", "250 2.1.0 <a b@example.net>... Sender ok")]
    [InlineData("127.2.0.10", "<@a,@b:c@example.net>", "250 2.1.0 <@a,@b:c@example.net>... Sender ok")]
    [InlineData("127.2.0.10", "<\"quoted local\"@example.net>", "250 2.1.0 <\"quoted local\"@example.net>... Sender ok")]
    [InlineData("127.2.0.10", "<<a@example.net>>", "250 2.1.0 <<a@example.net>>... Sender ok")]
    [InlineData("127.2.0.10", "<a%b@example.net>", "250 2.1.0 <a%b@example.net>... Sender ok")]
    public async Task Sender_is_answered_as_the_oracle_answers(string? client, string sender, string reply) =>
        Assert.Equal(reply, (await AskAsync(new ReceivingSite(), client, sender)).Reply.ToString());

    [Fact]
    public async Task Unresolvable_domain_is_accepted_without_a_question_when_the_site_says_so()
    {
        ReceivingSite site = new() { AcceptUnresolvableDomains = true };
        await using MtaSessionHandler handler = await site.ConnectAsync("127.0.0.1");
        (ReversePath path, MailParameters parameters) = ReceivingSite.Mail("<a@nonexistent.invalid>");
        Assert.True((await handler.MailAsync(path, parameters, TestContext.Current.CancellationToken)).Reply.IsPositive);
        Assert.Empty(site.Dns.Asked);
    }

    [Fact]
    public async Task Declared_size_above_the_limit_is_refused()
    {
        ReceivingSite site = new() { MaxMessageSize = 100000 };
        Assert.Equal(
            "552 5.2.3 Message size exceeds fixed maximum message size (100000)",
            (await AskAsync(site, "127.2.0.10", "<a@example.net>", 100001)).Reply.ToString());
        Assert.True((await AskAsync(site, "127.2.0.10", "<a@example.net>", 100000)).Reply.IsPositive);
    }

    [Fact]
    public async Task Needmailhelo_wants_helo_first()
    {
        ReceivingSite site = new() { Privacy = PrivacyFlags.NeedMailHelo };
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10", helo: false);
        Assert.Equal("503 5.0.0 Polite people say HELO first", (await handler.MailAsync(ReversePath.Null, MailParameters.None, TestContext.Current.CancellationToken)).Reply.ToString());
    }

    [Fact]
    public async Task Native_check_asks_the_sites_hook_first()
    {
        FixedRuleset hook = new("Local_check_mail", RulesetResult.Error("5.7.1", "550 not you", ReasonChain.None));
        ReceivingSite site = new() { SiteRulesets = [hook] };
        Assert.Equal("550 5.7.1 <a@example.net>... not you", (await AskAsync(site, "127.2.0.10", "<a@example.net>")).Reply.ToString());
        Assert.Equal("<a@example.net>", Assert.Single(hook.Calls));
    }

    [Fact]
    public async Task Hook_that_says_ok_ends_the_check()
    {
        ReceivingSite site = new() { SiteRulesets = [new FixedRuleset("Local_check_mail", RulesetResult.Ok(ReasonChain.None))] };
        Assert.True((await AskAsync(site, "127.2.0.10", "<a@nonexistent.invalid>")).Reply.IsPositive);
    }

    private static async Task<MailAnswer> AskAsync(ReceivingSite site, string? client, string sender, long? size = null)
    {
        await using MtaSessionHandler handler = await site.ConnectAsync(client);
        (ReversePath path, MailParameters parameters) = ReceivingSite.Mail(sender);
        MailAnswer answer = await handler.MailAsync(path, parameters with { Size = size }, TestContext.Current.CancellationToken);
        Assert.Equal(answer.Reply.IsPositive, answer.Transaction is not null);
        return answer;
    }
}
