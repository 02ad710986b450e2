using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Mc;
using Postrider.Sendmail.Rewriting.MapTypes;

namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>
/// The rulesets of Debian's package sendmail-cf, compiled by our m4 and run by our engine: what a real sendmail 8.17 decided for the same file, maps and addresses
/// (oracle 80). The package is looked for where it installs itself, or where SENDMAIL_CF points.
/// </summary>
public sealed class StockConfigurationTests
{
    private static readonly string Library = Environment.GetEnvironmentVariable("SENDMAIL_CF") ?? "/usr/share/sendmail/cf";

    private static RewritingSite Build()
    {
        const string Mc = "VERSIONID(`oracle')dnl\nOSTYPE(`linux')dnl\ndefine(`LOCAL_MAILER_PATH', `/usr/libexec/sendmail/deliver')dnl\ndefine(`LOCAL_MAILER_ARGS', `deliver -d $u')dnl\n"
            + "LOCAL_DOMAIN(`oracle.test')dnl\nFEATURE(`no_default_msa')dnl\nDAEMON_OPTIONS(`Port=25, Addr=127.0.0.1, Name=MTA')dnl\n"
            + "FEATURE(`access_db')dnl\nFEATURE(`mailertable')dnl\nFEATURE(`virtusertable')dnl\nMAILER(`local')dnl\nMAILER(`smtp')dnl\n";
        McResult compiled = McCompiler.Compile(Mc, "site.mc", new McCompileOptions { Library = McLibrary.Installed(Library + "/m4/cf.m4") });
        Assert.True(compiled.Succeeded, string.Join('\n', compiled.Diagnostics));
        return new RewritingSite(compiled.CfText, Open, named: true);
    }

    private static IMap? Open(CfMap map) => map.Name switch
    {
        "access" => new MemoryMap([new("To:example.org", "RELAY"), new("Connect:127.2.0.70", "REJECT"), new("TLS_Srv:mx6.example.org", "VERIFY")], MapSpec.OfType(map.Type, map.Arguments).Flags),
        "mailertable" => RewritingSite.Table(("route.test", "esmtp:[mx2.example.org]")),
        "virtuser" => RewritingSite.Table(("info@vhost.test", "alice")),
        "host" => RewritingSite.Table([.. new[] { "mx1.example.org", "example.org", "vhost.test", "example.net", "oracle.test" }.Select(static name => (name, name + "."))]),
        _ => new NullMap(),
    };

    [Theory]
    [InlineData("3,0 alice", "$# local $: alice")]
    [InlineData("3,0 alice@oracle.test", "$# local $: alice")]
    [InlineData("3 user@example.org", "user < @ example . org . >")]
    [InlineData("0 user@example.org", "$# local $: user @ example . org")]
    [InlineData("3,0 user@example.org", "$# esmtp $@ example . org . $: user < @ example . org . >")]
    [InlineData("3,0 a!b!c", "$# esmtp $@ a . UUCP . $: b ! c < @ a . UUCP . >")]
    [InlineData("3,0 user%a@oracle.test", "$# esmtp $@ a $: user < @ a >")]
    [InlineData("3,0 <@a,@b:user@c.example.org>", "$# esmtp $@ c . example . org $: user < @ c . example . org >")]
    [InlineData("3,0 x@route.test", "$# esmtp $@ [ mx2 . example . org ] $: x < @ route . test >")]
    [InlineData("canonify Foo Bar <foo@example.org>", "foo < @ example . org . >")]
    [InlineData("4 foo<@example.org.>", "foo @ example . org")]
    [InlineData("check_rcpt someone@example.org", "RELAY")]
    [InlineData("check_mail a@nonexistent.invalid", "$# error $@ 5 . 1 . 8 $: \"553 Domain of sender address \" \" does not exist\"")]
    [InlineData("EnvToL alice", "alice")]
    public async Task Addresses_go_where_sendmail_sends_them(string command, string result)
    {
        Assert.SkipUnless(File.Exists(Library + "/m4/cf.m4"), "needs the package sendmail-cf, or SENDMAIL_CF set to its directory usr/share/sendmail/cf");
        string printed = await Build().TestMode(command + "\n");
        string last = printed.Split('\n').Last(static line => line.Contains(" returns:", StringComparison.Ordinal));
        Assert.Equal(result, last[(last.IndexOf("returns:", StringComparison.Ordinal) + 9)..]);
    }

    [Theory]
    [InlineData("/parse alice", "mailer local, user alice")]
    [InlineData("/parse u@example.org", "mailer esmtp, host example.org., user u@example.org")]
    [InlineData("/parse Full Name <u@example.org>", "mailer esmtp, host example.org., user u@example.org")]
    [InlineData("/parse \"|prog\"", "mailer prog, user |prog")]
    [InlineData("/parse /file/name", "mailer *file*, user /file/name")]
    [InlineData("/parse :include:/x", "mailer *include*, user /x")]
    [InlineData("/parse <>", "mailer local, user ")]
    [InlineData("/parse u@[1.2.3.4]", "mailer esmtp, host [1.2.3.4], user u@[1.2.3.4]")]
    [InlineData("/parse a b", "mailer local, user a.b")]
    [InlineData("/parse a@b@c", "mailer *error*, host 5.1.3, user \"553 Invalid route address\"")]
    [InlineData("/try esmtp user@example.org", "Rcode = 0, addr = user@example.org")]
    [InlineData("/try local alice", "Rcode = 0, addr = alice")]
    [InlineData("/tryflags HR\n/try esmtp alice", "Rcode = 0, addr = alice@mx.oracle.test")]
    [InlineData("/tryflags HS\n/try relay u", "Rcode = 0, addr = u@mx.oracle.test")]
    [InlineData("/tryflags ES\n/try esmtp <>", "Rcode = 0, addr = <>")]
    public async Task Parsing_and_trying_end_as_they_do_in_sendmail(string command, string line)
    {
        Assert.SkipUnless(File.Exists(Library + "/m4/cf.m4"), "needs the package sendmail-cf, or SENDMAIL_CF set to its directory usr/share/sendmail/cf");
        string[] printed = (await Build().TestMode("/tryflags ER\n" + command + "\n")).Split('\n');
        Assert.Equal(line, printed[^2]);
    }
}
