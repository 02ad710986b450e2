using Postrider.Mail;
using Postrider.Mta.Policy;
using Postrider.Mta.Routing;
using Postrider.Smtp.Server;
using Postrider.Tests.Mta.Receiving;

namespace Postrider.Tests.Mta.Policy;

public sealed class RulesetTableTests
{
    private static readonly PolicyContext Context = new(
        ReceivingSite.SessionFrom("192.0.2.7"), new PolicySettings { HostName = "mx.oracle.test" }, NativeRulesets.Table, new AddressCanonifier(ReceivingSite.Local), null);

    [Fact]
    public async Task Absent_ruleset_changes_nothing_objects_to_nothing_answers_nothing()
    {
        RulesetTable empty = new();
        Assert.Equal("a@b", (await empty.RewriteAsync("canonify", "a@b", Context, default)).Text);
        Assert.Equal(VerdictKind.Accept, (await empty.CheckAsync("check_data", new RulesetArgument("1"), null, Context, default)).Kind);
        Assert.Null(await empty.AskAsync("greet_pause", new RulesetArgument("x", "y"), Context, default));
    }

    [Fact]
    public async Task Three_ways_lead_into_one_ruleset()
    {
        RulesetTable table = new(new FixedRuleset("srv_features", RulesetResult.Plain("V a", ReasonChain.None)));
        Assert.Equal("V a", await table.AskAsync("srv_features", new RulesetArgument("x"), Context, default));
        Assert.Equal("V a", (await table.RewriteAsync("srv_features", "x", Context, default)).Text);
        Assert.Equal(VerdictKind.Accept, (await table.CheckAsync("srv_features", new RulesetArgument("x"), null, Context, default)).Kind);
    }

    [Fact]
    public async Task What_the_site_defines_wins_over_the_native_library()
    {
        RulesetTable table = NativeRulesets.Table.With(new FixedRuleset("check_rcpt", RulesetResult.Error("5.7.1", "550 site says no", ReasonChain.None)));
        Assert.Equal("550 5.7.1 site says no", (await table.CheckAsync("check_rcpt", new RulesetArgument("<a>"), null, Context, default)).Reply!.ToString());
        Assert.NotNull(table.Find("check_mail"));
    }

    [Theory]
    [InlineData("client_addr", "192.0.2.7")]
    [InlineData("client_name", "[192.0.2.7]")]
    [InlineData("client_resolve", "OK")]
    [InlineData("daemon_name", "MTA")]
    [InlineData("auth_type", null)]
    [InlineData("j", "mx.oracle.test")]
    [InlineData("no_such_macro", null)]
    public void Macro_is_read_from_the_session(string name, string? value) => Assert.Equal(value, Context.Macro(name));

    [Fact]
    public void Forged_client_name_is_the_address_for_rulesets()
    {
        SmtpSessionFacts session = ReceivingSite.SessionFrom("127.2.0.20");
        session.ClientName = "client20.example.net";
        session.ClientResolve = ClientResolve.Forged;
        PolicyContext context = new(session, Context.Settings, Context.Rulesets, Context.Canonifier, null);
        Assert.Equal("[127.2.0.20]", context.Macro("client_name"));
        Assert.Equal("FORGED", context.Macro("client_resolve"));
    }
}
