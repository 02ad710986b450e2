using Postrider.Sendmail.Maps;
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
    [InlineData("/canon", "Usage: /canon address\n")]
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
        public ValueTask<TestModeExchangers> MailExchangersAsync(string domain, CancellationToken cancellationToken) => new(domain switch
        {
            "two.test" => new TestModeExchangers("a.test.", "b.test."),
            "null.test" => TestModeExchangers.NullMx,
            "slow.test" => TestModeExchangers.Unknown,
            _ => new TestModeExchangers(),
        });

        public ValueTask<IReadOnlyList<string>?> AddressesAsync(string host, string? family, CancellationToken cancellationToken) =>
            new(host == "slow.test" ? null : host == "none.test" ? [] : family == "inet6" ? ["2001:db8::1"] : ["192.0.2.1", "192.0.2.2"]);

        public ValueTask<IReadOnlyList<string>> RecordsAsync(string name, string type, CancellationToken cancellationToken) => new([$"{type} one", $"{type} two"]);
    }

    [Theory]
    [InlineData("/mx two.test", "getmxrr(two.test) returns 2 value(s):\n\ta.test.\n\tb.test.\n")]
    [InlineData("/mx null.test", "getmxrr(null.test) returns null MX (See RFC7505)\n")]
    [InlineData("/mx none.test", "getmxrr(none.test) returns 0 value(s):\n")]
    [InlineData("/mx slow.test", "getmxrr(slow.test) returns -1 value(s):\n")]
    [InlineData("/gethostbyname x.test", "gethostbyname(x.test) returns 192.0.2.1 192.0.2.2\n")]
    [InlineData("/gethostbyname x.test INET6", "gethostbyname(x.test) returns 2001:db8::1\n")]
    [InlineData("/gethostbyname none.test", "gethostbyname(none.test) not found\n")]
    [InlineData("/gethostbyname slow.test", "gethostbyname(slow.test) no answer, try again\n")]
    [InlineData("/gethostbyname x.test ipx", "Usage: /gethostbyname host [inet|inet6]\n")]
    [InlineData("/dnslookup x.test", "x.test A one\nx.test A two\n")]
    [InlineData("/dnslookup x.test TXT", "x.test TXT one\nx.test TXT two\n")]
    [InlineData("/dnslookup", "Usage: /dnslookup host [type]\n")]
    public async Task The_network_is_asked_through_whoever_has_one(string command, string printed) =>
        Assert.Equal("> " + printed + "> ", await new RewritingSite(Cf).TestMode(command + "\n", new Network()));

    [Fact]
    public async Task Without_a_resolver_commands_say_so() =>
        Assert.Equal("> /mx: no resolver here\n> /gethostbyname: no resolver here\n> /dnslookup: no resolver here\n> ", await Print("/mx two.test\n/gethostbyname x\n/dnslookup x\n"));

    private sealed class SlowMap : IMap
    {
        public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
            new(MapResult.TempFail($"{key}: Name server timeout"));
    }

    [Theory]
    [InlineData("/map host nosuch.test", "map_lookup: host (nosuch.test) no match (68)\n")]
    [InlineData("/map host mx", "map_lookup: host (mx) returns mx.oracle.test. (0)\n")]
    [InlineData("/map slow x.test", "map_lookup: slow (x.test) x.test: Name server timeout\nno match (75)\n")]
    [InlineData("/map host", "No key specified\n")]
    [InlineData("/canon mx", "getcanonname(mx) returns mx.oracle.test\n")]
    [InlineData("/canon nosuch.test", "getcanonname(nosuch.test) returns nosuch.test\n")]
    [InlineData("/canon [127.0.1.1]", "getcanonname([127.0.1.1]) returns [127.0.1.1]\n")]
    public async Task Maps_answer_with_the_status_that_sendmail_prints(string command, string printed)
    {
        var site = new RewritingSite(RewritingSite.Head + "Kslow ldap x\n", static map => map.Name == "slow" ? new SlowMap() : RewritingSite.Table(("mx", "mx.oracle.test."), ("[127.0.1.1]", "mx.oracle.test.")));
        Assert.Equal("> " + printed + "> ", await site.TestMode(command + "\n"));
    }

    // Each line with what sendmail 8.17 ended with after it.
    [Theory]
    [InlineData("$", "Name required for macro/class\n", 70)]
    [InlineData("$=", "Name required for macro/class\n", 70)]
    [InlineData(".D", "Name required for macro/class\n", 70)]
    [InlineData(".C", "", 0)]
    [InlineData("${", "Unbalanced { on \nUnable to assign macro/class ID (mid = 0xffffffff)\n", 70)]
    [InlineData(".Sx", "Unknown \".\" command .Sx\n", 0)]
    [InlineData("=S", "invalid ruleset name: \"\"\nUndefined ruleset \n", 70)]
    [InlineData("=Sfoo", "Undefined ruleset foo\n", 0)]
    [InlineData("199 x", "bad ruleset 199 (100 max)\nUndefined ruleset 199\n", 70)]
    [InlineData("/header", "header syntax error, line \"\"\nul = 00000000\n", 70)]
    [InlineData("/header Bogus", "header syntax error, line \"Bogus\"\nul = 00000000\n", 70)]
    [InlineData("/header x y: z", "header syntax error, line \"x y: z\"\nul = 00000000\n", 70)]
    [InlineData("/header Bogus: x", "ul = 0x00040000\n", 0)]
    [InlineData("/header From: joe <joe@x>", "ul = 0x00040100\n", 0)]
    [InlineData("/HEADER subject : hi", "ul = 0x00048000\n", 0)]
    [InlineData("/header Return-Path: x", "ul = 0x00060060\n", 0)]
    [InlineData("/header Text: x", "ul = 0x00000001\n", 0)]
    [InlineData("/sender", "addr=root\n", 0)]
    [InlineData("/expand", "Usage: /expand string\n", 0)]
    [InlineData("/parse", "Usage: /parse address\n", 0)]
    public async Task Mistakes_are_printed_and_remembered_in_the_exit_status(string command, string printed, int exit)
    {
        var site = new RewritingSite(Cf);
        Assert.Equal("> " + printed + "> ", await site.TestMode(command + "\n"));
        Assert.Equal(exit, site.Exit);
        Assert.Equal(exit == 70, site.Logged.Count > 0);
    }

    private const string HeaderChecks = RewritingSite.Head + """
        HSubject: $>CkSubj
        HX-Keep: $>+CkSubj
        H*: $>CkAny
        SCkSubj
        Rbad $*	$#error $@ 5.7.1 $: "550 no"
        R$*	$: $1 $&{hdr_name} $&{hdrlen} $&{currHeader}
        SCkAny
        R$*	$@ any

        """;

    [Theory]
    [InlineData("/header Subject: hi (there)", "CkSubj             input: hi\nCkSubj           returns: hi Subject 11 \" hi (there)\"\nul = 0x00058000\n", 0)]
    [InlineData("/header Subject: bad one", "CkSubj             input: bad one\nCkSubj           returns: $# error $@ 5 . 7 . 1 $: \"550 no\"\nno\nul = 0x00058000\n", 65)]
    [InlineData("/header X-Keep: hi (there)", "CkSubj             input: hi ( there )\nCkSubj           returns: hi ( there ) X-Keep 11 \" hi (there)\"\nul = 0x00040000\n", 0)]
    [InlineData("/header Other: x", "CkAny              input: x\nCkAny            returns: any\nul = 0x00040000\n", 0)]
    public async Task A_header_line_is_checked_by_its_ruleset(string command, string printed, int exit)
    {
        var site = new RewritingSite(HeaderChecks);
        Assert.Equal("> " + printed + "> ", await site.TestMode(command + "\n"));
        Assert.Equal(exit, site.Exit);
    }

    [Fact]
    public async Task A_class_is_printed_in_the_order_of_sendmails_symbol_table() => Assert.Equal(
        "> > new.domain\nmx\nlocalhost\n[127.0.0.1]\n[127.0.1.1]\noracle.test\nmx.oracle.test\n> ",
        await new RewritingSite(RewritingSite.Head + "Cwmx.oracle.test [127.0.1.1] oracle.test localhost mx [127.0.0.1]\n").TestMode(".Cwnew.domain\n$=w\n"));

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
