using Postrider.Sendmail;
using Postrider.Sendmail.Cf;

namespace Postrider.Tests.Sendmail.Cf;

public sealed class CfDocumentTests
{
    private static CfDocument Parse(string text) => CfDocument.Parse(text, "sendmail.cf");

    private static string Told(CfDocument document) => string.Join("\n", document.Diagnostics);

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("V10/Berkeley\n\n# c\n  continued comment\nDjmx\n")]
    [InlineData("no newline at the end")]
    [InlineData("R$*\t$@ x\n\ty\r\n\n\n")]
    public void Text_comes_out_octet_for_octet(string text)
    {
        CfDocument document = Parse(text);
        Assert.Equal(text, document.ToText());
        Assert.Equal(text.TrimEnd('\n'), string.Join('\n', document.Lines.Select(l => l.Raw)).TrimEnd('\n'));
    }

    [Fact]
    public void Every_line_type_is_read_with_its_line_number()
    {
        CfDocument document = Parse("""
            V10/Berkeley
            Djmx.example.com
            D{Long}some value	# trailing comment
            Cwlocalhost mx
            C{Tls}VERIFY ENCR
            Fw/etc/mail/local-host-names
            FR-o /etc/mail/relay-domains %[^\#]
            F{P}"|/bin/prog arg"
            Kaccess hash -T<TMPF> /etc/mail/access
            O QueueDirectory=/var/spool/mqueue
            Pspecial-delivery=100
            Troot daemon
            HSubject: $>+check_subject
            H?P?Return-Path: <$g>
            H?${auth_type}?X-Auth: ${auth_type}
            HReceived: from $s
            	by $j
            Qlocal, P=/var/spool/mqueue/local, F=f, R=2
            Xm1, S=inet:8899@localhost, F=T
            ETZ
            EHOME=/root
            Scanonify=3
            R$@			$@ <@>		empty
            Mlocal,		P=/bin/mail, F=lsDFMAw5:/|@qrmn9, S=EnvFromL/HdrFromL, R=EnvToL,
            		T=DNS/RFC822/X-Unix,
            		A=mail -d $u

            """);
        Assert.True(document.IsValid, Told(document));
        Assert.Empty(document.Diagnostics);
        Assert.Equal("mx.example.com", document.Macro("j")!.Value);
        Assert.Equal("some value", document.Macro("Long")!.Value);
        Assert.Equal("localhost mx", string.Join(' ', document.Class("w")));
        Assert.Equal("root daemon", string.Join(' ', document.Class("t")));
        Assert.Equal(("R", "/etc/mail/relay-domains", true, "%[^#]"), document.ClassFiles.Where(f => f.Name == "R").Select(f => (f.Name, f.Source, f.Optional, f.Format.Text)).Single());
        Assert.Equal((ClassFileKind.Program, "/bin/prog arg"), (document.ClassFiles.Last().Kind, document.ClassFiles.Last().Source));
        Assert.Equal(("access", "hash", "-T<TMPF> /etc/mail/access"), document.Maps.Select(m => (m.Name, m.Type, m.Arguments)).Single());
        Assert.Equal("/var/spool/mqueue", document.Option("queuedirectory")!.Value);
        Assert.Equal(("special-delivery", 100), document.Precedences.Select(p => (p.Name, p.Value)).Single());
        CfHeader[] headers = [.. document.Headers];
        Assert.Equal(("check_subject", true), (headers[0].Ruleset, headers[0].KeepComments));
        Assert.Equal(("P", "<$g>"), (headers[1].Flags, headers[1].Value));
        Assert.Equal("auth_type", headers[2].Condition);
        Assert.Equal("from $s\n\tby $j", headers[3].Value);
        Assert.Equal((16, "/var/spool/mqueue/local"), (headers[3].Line, document.QueueGroups.Single().Equates['P']));
        Assert.Equal("inet:8899@localhost", document.Milters.Single().Equates['S']);
        Assert.Equal<(string, string?)>([("TZ", null), ("HOME", "/root")], document.Environment.Select(e => (e.Name, e.Value)));
        CfRule rule = document.Rules.Single();
        Assert.Equal(("$@", "$@ <@>", "empty", "canonify", 3), (rule.Left, rule.Right, rule.Comment, rule.Ruleset!.Name, rule.Ruleset.Number));
        CfMailer local = document.Mailer("LOCAL")!;
        Assert.Equal(("/bin/mail", "lsDFMAw5:/|@qrmn9", 24), (local.Path, local.Flags, local.Line));
        Assert.Equal(("EnvFromL", "HdrFromL"), local.SenderRulesets);
        Assert.Equal(("EnvToL", "EnvToL"), local.RecipientRulesets);
        Assert.Equal(["mail", "-d", "$u"], local.Arguments);
    }

    [Fact]
    public void A_misspelt_option_gets_the_name_that_was_meant()
    {
        CfDocument document = Parse("O QueuDirectory=/x\nO Timeout.queuretrun=5d\nO PrivacyOptions=noexpm\n");
        Assert.Equal(
            "did you mean `QueueDirectory'? did you mean `Timeout.queuereturn'? did you mean `noexpn'?",
            string.Join(' ', document.Diagnostics.Select(d => d.Remedy)));
        Assert.Equal("sendmail.cf(1): readcf: unknown option name QueuDirectory (did you mean `QueueDirectory'?)", document.Diagnostics[0].ToString());
    }

    [Fact]
    public void An_abbreviation_that_fits_one_option_is_taken_with_a_warning()
    {
        CfDocument document = Parse("O QueueDir=/x\n");
        Assert.Equal("QueueDirectory", document.Options.Single().Name);
        Assert.Equal(Severity.Warning, document.Diagnostics.Single().Severity);
    }

    [Fact]
    public void An_option_by_letter_is_the_option_by_name() => Assert.Equal("/var/q", Parse("OQ/var/q\n").Option("QueueDirectory")!.Value);

    [Fact]
    public void Features_are_read_under_our_vendor_only()
    {
        CfDocument document = Parse("V10/Postrider\nO Feature.access_db=hash -o /etc/mail/access, skip\nO Feature.redirect\nO Feature.dnsbl=\"a, \\\"b\\\" \\\\c\\#\", , \"\"\n");
        Assert.Empty(document.Diagnostics);
        Assert.True(document.IsNative);
        Assert.Equal(["hash -o /etc/mail/access", "skip"], document.Feature("access_db")!.Arguments);
        Assert.Empty(document.Feature("redirect")!.Arguments);
        Assert.Equal(["a, \"b\" \\c#", "", ""], document.Feature("dnsbl")!.Arguments);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("hash -o /etc/mail/access")]
    [InlineData("")]
    [InlineData(" blank ")]
    [InlineData("a,b")]
    [InlineData("\"550 Rejected: \" $&{client_addr} \" listed\"")]
    [InlineData("back\\slash and \\\"")]
    public void A_feature_argument_survives_writing_and_reading(string argument) =>
        Assert.Equal([argument, "x"], CfFeature.Parse(CfFeature.Format([argument, "x"])));

    [Fact]
    public void A_trailing_comment_is_no_part_of_a_value()
    {
        CfDocument document = Parse("DXvalue # comment\nSx\nR$*\t$#local $: \\#x # no\n");
        Assert.Equal("value", document.Macro("X")!.Value);
        Assert.Equal("$#local $: #x", document.Rules.Single().Right);
    }
}
