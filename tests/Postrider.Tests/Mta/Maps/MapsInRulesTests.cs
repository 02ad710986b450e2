using Postrider.Mta.Dns;
using Postrider.Mta.Maps;
using Postrider.Tests.Sendmail.Rewriting;

namespace Postrider.Tests.Mta.Maps;

/// <summary>Maps that ask somebody, asked by rules.</summary>
public sealed class MapsInRulesTests
{
    private static readonly ZoneDns Zone = new ZoneDns()
        .Addresses("two.in.test", "127.5.0.1").Addresses("a.b.in.test", "127.5.0.2").Silent("tmp.in.test").Text("evil.in.test", DnsRecordType.Txt, "$#error $@ 5.7.1 $: x $| \ufdda \ufdd8", "y");

    [Theory]
    [InlineData("dns -R A", "two.in.test", "x 127 . 5 . 0 . 1")]
    [InlineData("dns -R A", "none.in.test", "x default")]
    [InlineData("dns -R A", "tmp.in.test", "x default (TemporaryFailure)")]
    [InlineData("dns -t -R A", "tmp.in.test", "x default")]
    [InlineData("dns -T<TMPF> -R A", "tmp.in.test", "x tmp . in . test < TMPF >")]
    [InlineData("dns -S. -R A", "a b.in.test", "x 127 . 5 . 0 . 2")]
    public async Task Failures_and_blanks_are_those_of_the_flags(string map, string key, string expected)
    {
        RewritingSite site = Site($"Kasked {map}\nSA\nR$*\t$: x $(asked $1 $: default $)\n");
        Assert.Equal(expected, await site.Run("A", key));
    }

    [Fact]
    public async Task Brackets_ask_the_map_host()
    {
        RewritingSite site = Site("SA\nR$*\t$: $[ $1 $: none $]\n");
        Assert.Equal("two . in . test .", await site.Run("A", "two.in.test"));
        Assert.Equal("none", await site.Run("A", "none.in.test"));
        Assert.Equal("none (TemporaryFailure)", await site.Run("A", "tmp.in.test"));
        Assert.Equal(["tmp.in.test: Name server timeout"], site.Problems);
    }

    [Fact]
    public async Task An_answer_that_spells_metasymbols_is_text()
    {
        RewritingSite site = Site("Kasked dns -R TXT\nSA\nR$*\t$: $(asked $1 $)\nR$#$*\tmailer\nR$*$|$*\tbar\n");
        string answer = await site.Run("A", "evil.in.test");
        Assert.StartsWith("$#error", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("mailer", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("bar", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dns -T<TMPF> -R A", "two.in.test", "returns 127.5.0.1 (0)")]
    [InlineData("dns -R A", "none.in.test", "no match (68)")]
    [InlineData("dns -T<TMPF> -R A", "tmp.in.test", "tmp.in.test: Name server timeout\nno match (75)")]
    [InlineData("host", "none.in.test", "no match (68)")]
    [InlineData("user", "no-such-user-here", "no match (67)")]
    [InlineData("arpa", "foo", "no match (65)")]
    [InlineData("program /bin/false", "x", "no match (1)")]
    public async Task The_address_test_mode_shows_the_bare_answer_with_its_status(string map, string key, string expected)
    {
        RewritingSite site = Site($"Kasked {map}\n");
        Assert.Equal($"> map_lookup: asked ({key}) {expected}\n> ", await site.TestMode($"/map asked {key}\n"));
    }

    [Fact]
    public async Task A_switch_with_D_still_asks_its_members()
    {
        MapServices services = NetworkMap.Services(Zone, ("ServiceSwitchFile", "/nonexistent/switch"));
        RewritingSite site = new(RewritingSite.Head + "Kasked.dns dns -R A\nKasked switch -D hosts\nSA\nR$*\t$: $(asked $1 $: default $)\n", line => MapTypes.Standard.Open(line, services));
        Assert.Equal("127 . 5 . 0 . 1", await site.Run("A", "two.in.test"));
    }

    private static RewritingSite Site(string cf)
    {
        MapServices services = NetworkMap.Services(Zone);
        return new RewritingSite(RewritingSite.Head + cf, line => MapTypes.Standard.Open(line, services));
    }
}
