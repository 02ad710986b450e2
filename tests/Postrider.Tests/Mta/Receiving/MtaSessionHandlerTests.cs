using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Policy;
using Postrider.Mta.Receiving;
using Postrider.Smtp.Server;
using Postrider.Tests.Mta.Policy;

namespace Postrider.Tests.Mta.Receiving;

public sealed class MtaSessionHandlerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.2.0.10", "client10.example.net", ClientResolve.Ok, "client10.example.net [127.2.0.10]")]
    [InlineData("127.2.0.20", "client20.example.net", ClientResolve.Forged, "client20.example.net [127.2.0.20] (may be forged)")]
    [InlineData("127.2.0.30", "[127.2.0.30]", ClientResolve.Fail, "[127.2.0.30]")]
    [InlineData("127.2.0.40", "[127.2.0.40]", ClientResolve.Temp, "[127.2.0.40]")]
    [InlineData("127.0.0.1", "localhost", ClientResolve.Ok, "localhost [127.0.0.1]")]
    [InlineData(null, "localhost", ClientResolve.Ok, "bob@localhost")]
    public async Task Client_is_named_as_far_as_its_name_is_known(string? address, string name, ClientResolve resolve, string relay)
    {
        SmtpSessionFacts session = ReceivingSite.SessionFrom(address);
        await using MtaSessionHandler handler = new ReceivingSite().Handler(session);
        Assert.Null(await handler.ConnectAsync(Ct));
        Assert.Equal((name, resolve, relay), (session.ClientName, session.ClientResolve, session.Relay));
    }

    [Fact]
    public async Task Check_relay_of_the_site_is_told_the_verified_name_and_the_address()
    {
        FixedRuleset hook = new("Local_check_relay", RulesetResult.Error("5.7.1", "550 Access denied", ReasonChain.None));
        ReceivingSite site = new() { SiteRulesets = [hook] };
        await using MtaSessionHandler handler = site.Handler(ReceivingSite.SessionFrom("127.2.0.20"));
        Assert.Equal("550 5.7.1 Access denied", (await handler.ConnectAsync(Ct))?.ToString());
        Assert.Equal("[127.2.0.20] $| 127.2.0.20", Assert.Single(hook.Calls));
    }

    [Theory]
    [InlineData("alice", "250 2.1.5 <alice@mx.oracle.test>")]
    [InlineData("<alice@oracle.test>", "250 2.1.5 <alice@oracle.test>")]
    [InlineData("nosuch", "550 5.1.1 nosuch... User unknown")]
    [InlineData("someone@example.org", "252 2.1.5 <someone@example.org>")]
    [InlineData("", "501 5.5.2 Argument required")]
    public async Task Vrfy_names_a_mailbox(string argument, string reply)
    {
        await using MtaSessionHandler handler = await new ReceivingSite().ConnectAsync("127.2.0.10");
        Assert.Equal(reply, (await handler.VerifyAsync(argument, Ct)).ToString());
    }

    [Theory]
    [InlineData("postmaster", "250 2.1.5 <postmaster@mx.oracle.test>")]
    [InlineData("nosuch", "550 5.1.1 nosuch... User unknown")]
    [InlineData("", "501 5.5.2 Argument required")]
    public async Task Expn_names_a_mailbox(string argument, string reply)
    {
        await using MtaSessionHandler handler = await new ReceivingSite().ConnectAsync("127.2.0.10");
        Assert.Equal(reply, (await handler.ExpandAsync(argument, Ct)).ToString());
    }

    [Theory]
    [InlineData(PrivacyFlags.NoVrfy, "252 2.5.2 Cannot VRFY user; try RCPT to attempt delivery (or try finger)", "250 2.1.5 <alice@mx.oracle.test>", "250 2.0.0 Queuing for node x started")]
    [InlineData(PrivacyFlags.NoExpn, "250 2.1.5 <alice@mx.oracle.test>", "502 5.7.0 Sorry, we do not allow this operation", "250 2.0.0 Queuing for node x started")]
    [InlineData(PrivacyFlags.NoEtrn, "250 2.1.5 <alice@mx.oracle.test>", "250 2.1.5 <alice@mx.oracle.test>", "502 5.7.0 Sorry, we do not allow this operation")]
    [InlineData(PrivacyFlags.NeedVrfyHelo | PrivacyFlags.NeedExpnHelo, "503 5.0.0 I demand that you introduce yourself first", "503 5.0.0 I demand that you introduce yourself first", "250 2.0.0 Queuing for node x started")]
    public async Task Privacy_options_restrict_the_questions(PrivacyFlags privacy, string vrfy, string expn, string etrn)
    {
        await using MtaSessionHandler handler = await new ReceivingSite { Privacy = privacy }.ConnectAsync("127.2.0.10", helo: false);
        Assert.Equal(vrfy, (await handler.VerifyAsync("alice", Ct)).ToString());
        Assert.Equal(expn, (await handler.ExpandAsync("alice", Ct)).ToString());
        Assert.Equal(etrn, (await handler.EtrnAsync("x", Ct)).ToString());
    }

    [Theory]
    [InlineData("example.org", "250 2.0.0 Queuing for node example.org started", "@example.org")]
    [InlineData("@example.org", "250 2.0.0 Queuing for node @example.org started", "example.org")]
    [InlineData("#group", "459 4.5.4 Queue group unknown", null)]
    [InlineData("", "500 5.5.2 Parameter required", null)]
    public async Task Etrn_starts_a_queue_run(string argument, string reply, string? recipientContains)
    {
        ReceivingSite site = new();
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10");
        Assert.Equal(reply, (await handler.EtrnAsync(argument, Ct)).ToString());
        Assert.Equal(recipientContains, site.QueueRuns.SingleOrDefault()?.RecipientContains);
    }

    [Fact]
    public async Task Session_without_a_transaction_is_logged_as_idle()
    {
        ReceivingSite site = new();
        await using (await site.ConnectAsync("127.2.0.10")) { }
        Assert.Contains("did not issue", site.Log.Lines, StringComparer.Ordinal);
    }
}
