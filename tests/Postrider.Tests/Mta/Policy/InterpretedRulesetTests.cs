using System.Net;
using Postrider.Mta.Policy;
using Postrider.Mta.Routing;
using Postrider.Smtp.Server;
using Postrider.Tests.Mta.Receiving;

namespace Postrider.Tests.Mta.Policy;

/// <summary>Rules of the site as rulesets of the table; replies as sendmail 8.17 reads them (oracle 07).</summary>
public sealed class InterpretedRulesetTests
{
    [Theory]
    [InlineData("R$*\t$#error $@ 5.7.1 $: \"550 not from \" $&{client_addr}", "550 5.7.1 <a@b>... not from 127.2.0.10")]
    [InlineData("R$*\t$#error $@ 5.7.1 $: 550 EXPN/VRFY failed", "550 5.7.1 <a@b>... EXPN/VRFY failed")]
    [InlineData("R$*\t$#error $@ 4.2.1 $: \"450 mailbox busy\"", "450 4.2.1 <a@b>... mailbox busy")]
    [InlineData("R$*\t$#error $: no code here", "553 5.3.0 <a@b>... no code here")]
    [InlineData("R$*\t$#error $@ nouser $: 550 x", "550 5.0.0 <a@b>... x")]
    [InlineData("R$*\t$#error $@ 5.7.1 $: \"551 refused\"", "551 5.7.1 refused")]
    [InlineData("R$*\t$@ OK", "accepted")]
    [InlineData("R<$+>\t$@ $1", "accepted")]
    [InlineData("R$*\t$#esmtp $@ host $: user", "accepted")]
    public async Task Result_of_a_check_is_read_as_sendmail_reads_it(string rule, string reply) =>
        Assert.Equal(reply, await new RuleSite("Scheck_x\n" + rule + "\n").ReplyAsync("check_x", "<a@b>", subject: "<a@b>"));

    [Theory]
    [InlineData("R$*\t$#discard $: x", VerdictKind.Discard)]
    [InlineData("R$*\t$#error $@ quarantine $: looks odd", VerdictKind.Quarantine)]
    [InlineData("R$*\t$#OK", VerdictKind.Ok)]
    [InlineData("R$*\t$@ RELAY", VerdictKind.Relay)]
    public async Task Discard_quarantine_ok_and_relay_are_told_apart(string rule, VerdictKind kind) =>
        Assert.Equal(kind, (await new RuleSite("Scheck_x\n" + rule + "\n").CheckAsync("check_x", "<a@b>")).Kind);

    [Fact]
    public async Task Two_arguments_are_parted_by_the_separator() =>
        Assert.Equal("550 5.7.1 second is 127.0", await new RuleSite("Scheck_relay\nR$* $| $*\t$#error $@ 5.7.1 $: \"550 second is \" $2\n").ReplyAsync("check_relay", "name", "127.0"));

    [Fact]
    public async Task Comment_is_taken_out_of_an_address_before_the_rules_see_it() =>
        Assert.Equal("550 5.7.1 <a@b>", await new RuleSite("Scheck_x\nR$*\t$#error $@ 5.7.1 $: \"550 \" $1\n").ReplyAsync("check_x", "<a(hidden)@b>"));

    [Theory]
    [InlineData("Kdown stab\nScheck_x\nR$*\t$: $(down $1 $: none $)\nRnone\t$@ OK\n")]
    [InlineData("Scheck_x\nR$*\t$: $>nowhere $1\n")]
    [InlineData("Scheck_x\nR$*\t$1 x\n")]
    public async Task What_cannot_be_decided_is_a_temporary_refusal(string cf)
    {
        RuleSite site = new(cf);
        Assert.Equal("451 4.3.0 Temporary system failure. Please try again later.", await site.ReplyAsync("check_x", "<a@b>", subject: "<a@b>"));
        Assert.NotEmpty(site.Problems);
    }

    [Fact]
    public async Task Under_a_classic_vendor_an_absent_ruleset_is_absent() =>
        Assert.Equal("accepted", await new RuleSite("").ReplyAsync("check_rcpt", "<someone@elsewhere.example>"));

    [Fact]
    public async Task Native_ruleset_calls_the_sites_hook()
    {
        RuleSite site = new("SLocal_check_relay\nR$* $| 127.2.0.70\t$#error $@ 5.7.1 $: \"550 relay blocked\"\n", isClassic: false);
        Assert.Equal("550 5.7.1 relay blocked", await site.ReplyAsync("check_relay", "spam70.spam.test", "127.2.0.70"));
        Assert.Equal("accepted", await site.ReplyAsync("check_relay", "client10.example.net", "127.2.0.10"));
    }

    [Fact]
    public async Task Rules_of_the_site_call_a_native_ruleset()
    {
        // No recipient has been read, and the native check_rcpt says so: its error comes back through the rules.
        RuleSite site = new("Scheck_x\nR$*\t$@ $>check_rcpt $1\n", isClassic: false);
        Assert.Equal("553 5.1.3 User address required", await site.ReplyAsync("check_x", "<a@b>"));
    }

    [Fact]
    public async Task Macro_map_sets_what_later_rules_of_the_transaction_see_and_no_later_transaction()
    {
        RuleSite site = new("Kset macro\nScheck_x\nR$*\t$: $(set {seen} $@ $1 $) $1\nScheck_y\nR$*\t$#error $: \"550 \" $&{seen}\n");
        site.Context.QueueId = "1";
        await site.CheckAsync("check_x", "first");
        Assert.Equal("550 5.0.0 first", await site.ReplyAsync("check_y", "x"));
        site.Context.ForgetTransaction();
        Assert.Equal("550 5.0.0", (await site.ReplyAsync("check_y", "x")).TrimEnd());
    }

    [Fact]
    public async Task Values_from_the_network_never_become_operators()
    {
        RuleSite site = new("Scheck_x\nR$*\t$: $&s\nR$*\t$#error $: \"550 \" $1\n");
        site.Session.HeloName = "\uFDDAdiscard";
        Assert.Equal("550 5.0.0 ?discard", await site.ReplyAsync("check_x", "x"));
    }

    [Fact]
    public async Task Reason_names_the_ruleset()
    {
        Verdict verdict = await new RuleSite("Scheck_x\nR$*\t$#error $@ 5.7.1 $: \"550 no\"\n").CheckAsync("check_x", "x");
        Assert.Contains("check_x", verdict.Reasons.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_addr", "127.2.0.10")]
    [InlineData("client_resolve", "OK")]
    [InlineData("daemon_name", "MTA")]
    [InlineData("daemon_flags", "EE a")]
    [InlineData("daemon_family", "inet")]
    [InlineData("if_name", "localhost")]
    [InlineData("client_rate", "3")]
    [InlineData("client_connections", "2")]
    [InlineData("total_rate", "9")]
    [InlineData("j", "mx.oracle.test")]
    [InlineData("verify", null)]
    [InlineData("if_addr", null)]
    public void Macro_of_the_session_has_the_value_that_sendmail_gives_it(string name, string? value)
    {
        SmtpSessionFacts session = new(
            "1", new ListenerFacts("MTA", new IPEndPoint(IPAddress.Loopback, 25)) { Modifiers = "Ea" }, new IPEndPoint(IPAddress.Parse("127.2.0.10"), 40000), DateTimeOffset.UnixEpoch);
        PolicyContext context = new(session, new PolicySettings { HostName = "mx.oracle.test" }, NativeRulesets.Table, new AddressCanonifier(ReceivingSite.Local), null) { Counters = (2, 3, 9) };
        Assert.Equal(value, context.Macro(name));
    }

    [Fact]
    public async Task Answer_of_several_words_is_whole()
    {
        RuleSite site = new("Ssrv_features\nR$*\t$# S A\n");
        Assert.Equal("S A", await site.Table.AskAsync("srv_features", new RulesetArgument("x"), site.Context, CancellationToken.None));
    }

    [Fact]
    public async Task Host_name_that_cannot_be_completed_now_stays_as_it_is_in_a_session_and_defers_at_delivery()
    {
        RuleSite site = new("S3\nR<$+@$+>\t$@ $1<@$[$2$]>\nS0\nR$+<@$+>\t$#esmtp $@ $2 $: $1<@$2>\nKhost stab\n");
        AddressReading reading = await site.Router.ReadAsync("a@tempfail.test", AddressKind.Recipient, site.Context.Rewriting, CancellationToken.None);
        Assert.Equal("tempfail.test", reading.Address!.Triple!.Host);
        Assert.Equal(451, (await site.RouteAsync("a@tempfail.test")).Code);
    }
}
