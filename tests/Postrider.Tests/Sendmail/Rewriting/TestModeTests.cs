using Postrider.Sendmail.Rewriting.TestMode;

namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>What the address test mode prints; every expectation is what sendmail 8.17 printed for the same file and line (oracle 80, and this file's own rules).</summary>
public sealed class TestModeTests
{
    private const string Cf = RewritingSite.Head + """
        Kar arith
        Kdq dequote
        Kmac macro
        Dxa.b
        D{y}$x.c
        C{Long}alpha.beta
        Scanonify=3
        R$* < $* >	$2
        SA
        R$*	$@ $>B $(dq $1 $) x
        SB
        R$@	$@ nothing
        R$*	$@ b: $1 $&{y} $&{none}
        SC
        Rx $*	$1
        SD
        R$*	$@ $>98 $1
        SE
        R$*	$@ $>nosuch $1
        SFAverylongnameforaruleset
        R$*	$@ $1
        Mlocal, P=/bin/true, F=lsDFMAw5:/|@q, S=A/B, R=A, T=DNS/RFC822/X-Unix, A=true $u
        Msmtp, P=[IPC], F=mDFMuX, S=A, R=B, E=\r\n, L=990, T=DNS/RFC822/SMTP, A=TCP $h
        Mprog, P=/bin/sh, F=lsD, A=sh -c $u

        """;

    private static Task<string> Print(string commands) => new RewritingSite(Cf, named: true).TestMode(commands);

    [Theory]
    [InlineData("3 <a@b>,c<d>", "canonify           input: < a @ b >\ncanonify         returns: a @ b\ncanonify           input: c < d >\ncanonify         returns: d\n")]
    [InlineData("canonify,C x<x y>", "canonify           input: x < x y >\ncanonify         returns: x y\nC                  input: x y\nC                returns: y\n")]
    [InlineData("99 x", "99                 input: x\n99               returns: x\n")]
    [InlineData("FAverylongnameforaruleset q", "FAverylongnamefo   input: q\nFAverylongnamefo returns: q\n")]
    [InlineData("C,nosuch,B x", "C                  input: x\nC                returns:\nUndefined ruleset nosuch,B\n")]
    [InlineData("CANONIFY x", "Undefined ruleset CANONIFY\n")]
    [InlineData("199 a", "bad ruleset 199 (100 max)\nUndefined ruleset 199\n")]
    [InlineData("C", "No address!\n")]
    [InlineData("C \\", "")]
    [InlineData("# comment", "")]
    [InlineData("C a<b", "a<b... Unbalanced '<'\nC                  input: a < b >\nC                returns: a < b >\n")]
    [InlineData("E a", "E                  input: a\nUnknown ruleset nosuch\nE                returns: $> nosuch a\n== Ruleset E (195) status 78\n")]
    [InlineData("C é", "C                  input: M-i\nC                returns: M-i\n")]
    public async Task Rulesets_are_run_one_behind_the_other_and_every_step_is_printed(string command, string printed) => Assert.Equal("> " + printed + "> ", await Print(command + "\n"));

    [Fact]
    public async Task The_trace_shows_each_rule_that_is_tried() => Assert.Equal("""
        > > A                  input: "a" b
        -----trying rule: $*
        -----rule matches: $@ $> B $( dq $1 $) x
        B                  input: ab x
        -----trying rule: $@
        ----- rule fails
        -----trying rule: $*
        -----rule matches: $@ b : $1 $&y $&{none}
        rewrite: RHS $&{y} => "$x.c"
        rewrite: RHS $&{none} => "(NULL)"
        rewritten as: b : ab x $x . c
        B                returns: b : ab x $x . c
        rewritten as: b : ab x $x . c
        A                returns: b : ab x $x . c
        > > D                  input: a
        -----skip subr 98 (98)
        D                returns: a
        >
        """, (await Print("-d21.12\nA \"a\" b\n-d21.3\nD a\n")).TrimEnd(' '));

    [Theory]
    [InlineData("=S A", "R$* \t\t$@ $> B $( dq $1 $) x \n")]
    [InlineData("=S canonify", "R$* < $* > \t\t$2 \n")]
    [InlineData("=S bogus", "Undefined ruleset  bogus\n")]
    [InlineData("=", "Usage: =Sruleset or =M\n")]
    [InlineData("=Z", "Unknown \"=\" command =Z\n")]
    [InlineData("$x", "a.b\n")]
    [InlineData("${y}", "$x.c\n")]
    [InlineData("${client_addr}", "Undefined\n")]
    [InlineData("$={Long}", "alpha.beta\n")]
    [InlineData("$=bogus", "")]
    [InlineData("$", "Name required for macro/class\n")]
    [InlineData(".Dxvalue\n$x", "> value\n")]
    [InlineData(".D{foo}bar\n${foo}", "> bar\n")]
    [InlineData(".Cnnew.domain\n$=n", "> new.domain\n")]
    [InlineData(".Sx", "Unknown \".\" command .Sx\n")]
    [InlineData("/bogus", "Unknown \"/\" command /bogus\n")]
    [InlineData("/map", "Usage: /map mapname key\n")]
    [InlineData("/map bogus x", "Map named \"bogus\" not found\n")]
    [InlineData("/map dq \"a\"", "map_lookup: dq (\"a\") returns a (0)\n")]
    [InlineData("/map dq a", "map_lookup: dq (a) no match (0)\n")]
    [InlineData("/map ar + 1", "map_lookup: ar (+ 1) no match (78)\n")]
    [InlineData("/mx", "Usage: /mx address\n")]
    [InlineData("/tryflags", "Usage: /tryflags [Hh|Ee][Ss|Rr]\n")]
    [InlineData("/try bogus x", "Unknown mailer bogus\n")]
    [InlineData("/try x", "Usage: /try mailer address\n")]
    public async Task Commands_answer_as_sendmail_does(string command, string printed) => Assert.Equal("> " + printed + "> ", await Print(command + "\n"));

    [Fact]
    public async Task Mailers_are_listed_with_what_was_not_said_filled_in() => Assert.Equal("""
        > mailer 0 (prog): P=/bin/sh S=0/0 R=0/0 M=0 U=-1:-1 F=Dls L=0 E=\n T=<undefined>/<undefined>/<undefined> r=100 A=sh -c $u
        mailer 1 (*file*): P=[FILE] S=0/0 R=0/0 M=0 U=-1:-1 F=9DEFMPloqsu L=0 E=\n T=X-Unix/X-Unix/X-Unix r=100 A=FILE $u
        mailer 2 (*include*): P=/dev/null S=0/0 R=0/0 M=0 U=-1:-1 F=su L=0 E=\n T=<undefined>/<undefined>/<undefined> r=100 A=INCLUDE $u
        mailer 3 (local): P=/bin/true S=A/B R=A/A M=0 U=-1:-1 F=/5:@ADFMlqsw| L=0 E=\n T=DNS/RFC822/X-Unix r=100 A=true $u
        mailer 4 (smtp): P=[IPC] S=A/A R=B/B M=0 U=-1:-1 F=DFMXmu L=990 E=\r\n T=DNS/RFC822/SMTP r=100 A=TCP $h
        > 
        """, await Print("=M\n"));

    private sealed class Network : ITestModeNetwork
    {
        public ValueTask<IReadOnlyList<string>?> MailExchangersAsync(string domain, CancellationToken cancellationToken) =>
            new(domain switch { "two.test" => ["a.test.", "b.test."], "null.test" => null, _ => [] });

        public ValueTask<string> CanonicalNameAsync(string host, CancellationToken cancellationToken) => new(host + ".test");
    }

    [Fact]
    public async Task The_network_is_asked_through_whoever_has_one()
    {
        Assert.Equal(
            "> getmxrr(two.test) returns 2 value(s):\n\ta.test.\n\tb.test.\n> getmxrr(null.test) returns null MX (See RFC7505)\n> getmxrr(none.test) returns 0 value(s):\n> getcanonname(x) returns x.test\n> ",
            await new RewritingSite(Cf).TestMode("/mx two.test\n/mx null.test\n/mx none.test\n/canon x\n", new Network()));
        Assert.Equal("> /mx: no resolver here\n> ", await Print("/mx two.test\n"));
    }

    [Fact]
    public async Task Nothing_is_read_behind_quit() => Assert.Equal("> a.b\n> ", await Print("$x\n/quit\n$x\n"));

    [Fact]
    public async Task An_address_longer_than_a_name_may_be_is_not_worked_on() =>
        Assert.Equal($"> Address \"{new string('a', 255)}\" too long (255 bytes max)\n> ", await Print($"C {new string('a', 300)}\n"));

    [Theory]
    [InlineData("alice", "$g")]
    [InlineData("Full Name <u@example.org>", "Full Name <$g>")]
    [InlineData("u@example.org (Full Name)", "$g (Full Name)")]
    [InlineData("<>", "<>")]
    [InlineData("@a:b@c", "\"@a\":$g")]
    [InlineData(":include:/x", ":$g")]
    public async Task An_address_is_cracked_before_it_is_parsed(string address, string cracked) =>
        Assert.StartsWith($"> Cracked address = {cracked}\nParsing envelope recipient address\n", await Print($"/parse {address}\n"), StringComparison.Ordinal);
}
