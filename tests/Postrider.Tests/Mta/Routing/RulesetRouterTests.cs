using Postrider.Mta.Routing;

namespace Postrider.Tests.Mta.Routing;

public sealed class RulesetRouterTests
{
    // A small canonify and parse: user@oracle.test and plain names are local, the rest goes by SMTP.
    private const string Rules = """
        S3
        R<$*>	$: $1
        R$+@$+	$: $1<@$2>
        S0
        Rbad<@$+>	$#error $@ 5.1.2 $: "553 bad address"
        Rcircle<@$+>	$#local $: circle
        Rlost<@$+>	$#nowhere $@ x $: $1
        Rnone<@$+>	$@ $1
        R$+<@oracle.test>	$#local $: $1
        R$+<@$+>	$#esmtp $@ $2 $: $1<@$2>
        R$+	$#local $: $1
        S4
        R$+<@$+>	$1@$2
        SEnvToL
        R$+<@$*>	$1
        S5
        Rmoved	$#esmtp $@ new.example.org $: moved<@new.example.org>
        R$+ + $*	$#local $@ $2 $: $1

        """;

    [Theory]
    [InlineData("alice@oracle.test", "local", "", "alice")]
    [InlineData("ALICE@oracle.test", "local", "", "alice")]
    [InlineData("alice", "local", "", "alice")]
    [InlineData("alice+box@oracle.test", "local", "box", "alice")]
    [InlineData("Bob@Example.ORG", "esmtp", "example.org", "Bob@Example.ORG")]
    [InlineData("moved@oracle.test", "esmtp", "new.example.org", "moved@new.example.org")]
    public async Task Address_is_resolved_by_the_sites_rules(string address, string mailer, string host, string user) =>
        Assert.Equal(new MailerTriple(mailer, host, user), (await new RuleSite(Rules).RouteAsync(address)).Triple);

    [Theory]
    [InlineData("nobody@oracle.test", "550 5.1.1 User unknown")]
    [InlineData("bad@oracle.test", "553 5.1.2 bad address")]
    [InlineData("lost@example.org", "451 4.3.5 Local configuration error")]
    [InlineData("none@example.org", "451 4.3.5 Local configuration error")]
    [InlineData("unknowable@oracle.test", "451 4.3.0 Temporary system failure. Please try again later.")]
    [InlineData("\"|/bin/sh\"", "550 5.7.1 Cannot mail directly to programs")]
    [InlineData("/etc/passwd", "550 5.7.1 Cannot mail directly to files")]
    [InlineData("a\"b@oracle.test", "553 5.0.0 Unbalanced '\"'")]
    public async Task Address_that_leads_nowhere_is_refused(string address, string refusal)
    {
        RouteVerdict verdict = await new RuleSite(Rules).RouteAsync(address);
        Assert.Null(verdict.Triple);
        Assert.Equal(refusal, $"{verdict.Code} {verdict.Status} {verdict.Text}");
        Assert.False(verdict.Reasons.IsEmpty);
    }

    [Theory]
    [InlineData("S3\nR$*\t$: $(down $1 $: none $)\nS0\nR$*\t$#local $: alice\n")]
    [InlineData("S3\nR$*\t$@ $1\nS0\nR$*\t$#local $: $(down $1 $: alice $)\n")]
    [InlineData("S3\nR$*\t$@ $1\nS0\nR$*\t$#local $: alice\nS5\nR$*\t$: $(down $1 $: alice $)\n")]
    [InlineData("S3\nR$*\t$1 x\nS0\nR$*\t$#local $: alice\n")]
    public async Task What_cannot_be_resolved_now_is_451_and_never_a_way(string rules)
    {
        RouteVerdict verdict = await new RuleSite("Kdown stab\n" + rules).RouteAsync("alice@oracle.test");
        Assert.Equal((451, false), (verdict.Code, verdict.IsRouted));
    }

    [Fact]
    public async Task Sender_is_called_what_the_rules_make_of_it_and_has_its_triple()
    {
        RuleSite site = new(Rules);
        AddressReading reading = await site.Router.ReadAsync("bob@example.org", AddressKind.Sender, null, CancellationToken.None);
        Assert.Equal(("bob", "example.org", false), (reading.Address!.LocalPart, reading.Address.Domain, reading.Address.IsLocal));
        Assert.Equal("esmtp", reading.Address.Triple!.Mailer);
    }
}
