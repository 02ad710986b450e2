using System.Collections.Immutable;
using Postrider.Mail;
using Postrider.Mta.Aliasing;
using Postrider.Queue;

namespace Postrider.Tests.Mta.Aliasing;

/// <summary>Aliases between the rulesets of a site's own, with the local part of sendmail's own localaddr (5).</summary>
public sealed class RulesetRecipientResolverTests
{
    private const string Rules = """
        S3
        R$*	$: $>96 $1
        S96
        R$* < $* > $*	$2
        R$+ @ oracle.test	$1
        S0
        R$+ @ down.test	$#error $@ 4.3.0 $: "451 later"
        R$+ @ gone.test	$#error $@ 5.1.1 $: "551 User has moved; please try " <$1@here.test>
        R$+ @ $+	$#esmtp $@ $2 $: $1 @ $2
        R$+	$#local $: $1
        SEnvToL
        S4
        S5
        R$+ + *	$#local $@ $&h $: $1
        R$+ + $*	$#local $@ + $2 $: $1 + *
        R$+	$: <> $1 <> $&h
        R<> $+ <> + $*	$#local $@ $2 $: @ $1
        R<> $+ <> $*	$@ $1

        """;

    private static readonly FakeAliases Aliases = new("list: alice, root+x, friend@example.org, old@gone.test, late@down.test\nplus+*: root\nalice+vip: root\nlater: late@down.test\n");

    [Theory]
    [InlineData("list@oracle.test", 250, true, "{local, , list}")]
    [InlineData("plus+y@oracle.test", 250, true, "{local, +y, plus+*}")]
    [InlineData("alice+vip@oracle.test", 250, true, "{local, , alice+vip}")]
    [InlineData("alice+box@oracle.test", 250, false, "{local, box, alice}")]
    [InlineData("alice@oracle.test", 250, false, "{local, , alice}")]
    [InlineData("LIST@oracle.test", 250, true, "{local, , list}")]
    [InlineData("nosuch@oracle.test", 550, false, null)]
    [InlineData("unknowable@oracle.test", 451, false, null)]
    [InlineData("x@example.org", 250, false, "{esmtp, example.org, x@example.org}")]
    public async Task At_rcpt_aliases_are_asked_where_sendmail_asks_them(string address, int code, bool isAlias, string? triple)
    {
        RuleSite site = new(Rules);
        RecipientCheck check = await Expander(site).CheckAsync((await site.Router.ReadAsync(address, Postrider.Mta.Routing.AddressKind.Recipient, null, CancellationToken.None)).Address!, null, CancellationToken.None);
        Assert.Equal((code, isAlias), (check.Verdict.Code, check.IsAlias));
        Assert.Equal(triple, check.Verdict.Triple is { } t ? $"{{{t.Mailer}, {t.Host}, {t.User}}}" : null);
    }

    [Fact]
    public async Task Members_are_resolved_by_the_rules_again()
    {
        ImmutableArray<QueueRecipient> all = await Expander(new RuleSite(Rules)).ExpandAsync([new QueueRecipient(ForwardPath.Of("list@oracle.test"))], ReversePath.Null, null, null, CancellationToken.None);
        Assert.Equal(["late@down.test", "old@gone.test", "friend@example.org", "root+x", "alice"], all.Select(one => one.Address.Address));
        Assert.Equal("551 5.1.1 User has moved; please try <old@here.test>", all[1].Foregone!.Reply);
        Assert.All(all.RemoveAt(1), one => Assert.Null(one.Foregone)); // what cannot be known now is for the attempt to find out
    }

    [Fact]
    public async Task Expn_says_what_cannot_be_known_now() =>
        Assert.Equal("451 4.3.0 later", (await Expander(new RuleSite(Rules)).DescribeAsync("later", isExpansion: true, null, CancellationToken.None)).ToString());

    private static RecipientExpander Expander(RuleSite site) => new(
        new ExpansionSettings { HostName = "mx.oracle.test" }, new AliasMaps([Aliases]), new RulesetRecipientResolver(site.Router), new FakeUsers());
}
