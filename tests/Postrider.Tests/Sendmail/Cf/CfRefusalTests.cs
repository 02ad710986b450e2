using Postrider.Sendmail;
using Postrider.Sendmail.Cf;

namespace Postrider.Tests.Sendmail.Cf;

/// <summary>What the real sendmail 8.17 answers to a line, asked one by one: its words, the number of the line, the status with which it ends.</summary>
public sealed class CfRefusalTests
{
    [Theory]
    [InlineData("garbage-in-cf", "2: unknown configuration line \"garbage-in-cf\"")]
    [InlineData("garbage\n z", "3: unknown configuration line \"garbage\n z\"")]
    [InlineData("Z", "2: unknown configuration line \"Z\"")]
    [InlineData("Lfoo", "2: unknown configuration line \"Lfoo\"")]
    [InlineData("Pfoo", "2: unknown configuration line \"Pfoo\"")]
    [InlineData("D", "2: Name required for macro/class")]
    [InlineData("D{}x", "2: Name required for macro/class")]
    [InlineData("D{a-b}x", "2: Invalid macro/class character -")]
    [InlineData("C{", "2: Unbalanced { on |2: Unable to assign macro/class ID (mid = 0xffffffff)")]
    [InlineData("D{toolongxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}v", "2: Macro/class name ({toolongxxxxxxxxxxxxxxxxxx}) too long (25 chars max)|2: Unable to assign macro/class ID (mid = 0xffffffff)")]
    [InlineData("FX", "2: fileclass: missing file name")]
    [InlineData("FX-o/etc/mail/nofile", "2: fileclass: missing file name")]
    [InlineData("FX\"/etc/mail/c1 %s", "2: illegal filename '\"/etc/mail/c1 %s'")]
    [InlineData("V", "2: invalid argument to V line: \"\"")]
    [InlineData("V-1", "2: invalid argument to V line: \"-1\"")]
    [InlineData("V10/Sun", "2: invalid V line vendor code: \"Sun\"")]
    [InlineData("V10/B5erkeley", "2: invalid V line vendor code: \"B\"")]
    [InlineData("u\\#x # c", "2: unknown configuration line \"u#x\"")]
    [InlineData("R$* $$#+\t$2", "2: invalid rewrite line \"R$* $$\" (tab expected)")]
    [InlineData("CX$=", "2: Name required for macro/class")]
    [InlineData("Km=xl st", "2: readcf: map m: class xl not available")]
    [InlineData("Mfoo, P=/x, A=x,", "2: mailer foo: `=' expected")]
    [InlineData("Qfoo, P=/x,", "2: queue foo: `=' expected")]
    [InlineData("Xf1,nSi et:", "2: Xf1: `=' expected")]
    [InlineData("Xf1, S=inet:99@localhost, T=:C1m", "2: Xf1: unknown filter timeout :")]
    [InlineData("H?F?Resent-$[From: x", "2: header syntax error, line \"?F\"")]
    [InlineData("HFoo: $>_x", "2: invalid ruleset name: \"_x\"")]
    [InlineData("V10/x/y", "2: invalid V line vendor code: \"x\"")]
    [InlineData("R no tabs here", "2: invalid rewrite line \"R no tabs here\" (tab expected)")]
    [InlineData("Rx\t", "2: invalid rewrite line \"Rx\" (tab expected)")]
    [InlineData("S", "2: invalid ruleset name: \"\"")]
    [InlineData("K", "2: readcf: config K line: no map name")]
    [InlineData("Kfoo", "2: readcf: config K line, map foo: no map class")]
    [InlineData("Kfoo bogustype /x", "2: readcf: map foo: class bogustype not available")]
    [InlineData("Kfo-o null", "2: readcf: map fo: class o not available")]
    [InlineData("H", "2: header syntax error, line \"\"")]
    [InlineData("HFoo", "2: header syntax error, line \"Foo\"")]
    [InlineData("H Foo: bar", "2: header syntax error, line \" Foo: bar\"")]
    [InlineData("HFo o: x", "2: header syntax error, line \"Fo o: x\"")]
    [InlineData("H?P?", "2: header syntax error, line \"?P\"")]
    [InlineData("H?P?Foo", "2: header syntax error, line \"?P\"")]
    [InlineData("HFoo:$>", "2: invalid ruleset name: \"\"")]
    [InlineData("HFoo: $>199", "2: bad ruleset 199 (100 max)")]
    [InlineData("M", "2: name required for mailer")]
    [InlineData("M,P=/x,A=x", "2: name required for mailer")]
    [InlineData("Mbad", "2: Mbad: A= argument required")]
    [InlineData("Mbad, P=/x", "2: Mbad: A= argument required")]
    [InlineData("Mbad, P=/x A=x", "2: Mbad: A= argument required")]
    [InlineData("Mfoo, A=x", "2: Mfoo: P= argument required")]
    [InlineData("Mfoo, P=[IPC], A=x", "2: Mfoo: too few parameters for [IPC] mailer")]
    [InlineData("Mfoo, P=[FILE], A=FILE", "2: Mfoo: too few parameters for [FILE] mailer")]
    [InlineData("Mfoo, P=[TCP], A=TCP $h", "2: Mfoo: P=[TCP] must be replaced by P=[IPC]")]
    [InlineData("Mfoo, P=/x,\n\tB=y,\n A=x", "4: Mfoo: unknown mailer equate B=")]
    [InlineData("Mfoo, P=/x, A=x, Q", "2: mailer foo: `=' expected")]
    [InlineData("Mf o o, P=/x, A=x", "2: mailer f: `=' expected")]
    [InlineData("Mfoo, P=/x, A=x, S=999", "2: bad ruleset 999 (100 max)")]
    [InlineData("Mfoo, P=/x, A=x, S=", "2: invalid ruleset name: \"\"")]
    [InlineData("Mfoo, P=/x, A=x, U=", "2: mailer foo: null user name")]
    [InlineData("Mfoo, P=/x, A=x, C=", "2: mailer foo: null charset")]
    [InlineData("Mfoo, P=/x, A=x, E=", "2: mailer foo: null end-of-line string")]
    [InlineData("Mfoo, P=/x, A=x, Q=nosuch", "2: mailer foo: unknown queue nosuch")]
    [InlineData("Q", "2: name required for queue")]
    [InlineData("Qfoo, P=", "2: queue foo: empty path name")]
    [InlineData("Qfoo, B=1", "2: Qfoo: unknown queue equate B=")]
    [InlineData("Qfoo, P", "2: queue foo: `=' expected")]
    [InlineData("X", "2: name required for mail filter")]
    [InlineData("Xfoo", "2: Xfoo: empty or missing socket information")]
    [InlineData("Xfoo, S=inet:99@localhost, B=1", "2: Xfoo: unknown filter equate B=")]
    [InlineData("Xfoo, S=inet:99@localhost, T=Z:5m", "2: Xfoo: unknown filter timeout Z")]
    [InlineData("Xfoo, S=inet:99@localhost, T=C", "2: Xfoo, T=: `:' expected")]
    [InlineData("Xfoo, S=inet:99@localhost\nXfoo, S=inet:99@localhost", "3: Xfoo: duplicate filter definition")]
    [InlineData("O", "2: readcf: unknown option name 0x0")]
    [InlineData("O ", "2: readcf: unknown option name 0x0")]
    [InlineData("O =x", "2: readcf: null option name")]
    [InlineData("O\"x", "2: readcf: unknown option name 0x22")]
    [InlineData("O Bogus=1", "2: readcf: unknown option name Bogus")]
    [InlineData("O Feature.access_db=x", "2: readcf: unknown option name Feature")]
    [InlineData("O L=5", "2: readcf: ambiguous option name L (matches LogLevel and LDAPDefaultSpec)")]
    [InlineData("O Max=3", "2: readcf: ambiguous option name Max (matches MaxHopCount and MaxMessageSize)")]
    [InlineData("O T=5d/4h", "2: readcf: ambiguous option name T (matches TempFileMode and Timeout)")]
    [InlineData("O r=5m", "2: readcf: ambiguous option name r (matches ResolverOptions and RefuseLA)")]
    [InlineData("O Timeout.=3", "2: settimeout: invalid timeout ")]
    [InlineData("O Timeout.init=3", "2: settimeout: invalid timeout init")]
    [InlineData("O Timeout.queuereturn.norm=3d", "2: settimeout: invalid timeout queuereturn.norm")]
    [InlineData("Or bogus=3", "2: settimeout: invalid timeout bogus")]
    [InlineData("O Milter=x", "2: milter_set_option: invalid Milter option, must specify suboption")]
    [InlineData("O Milter.macros.co=j", "2: milter_set_option: invalid Milter option macros.co")]
    [InlineData("O PrivacyOptions=bogus,foo", "2: readcf: Op line: bogus unrecognized|2: readcf: Op line: foo unrecognized")]
    [InlineData("O DontBlameSendmail=Saf", "2: readcf: DontBlameSendmail option: Saf unrecognized")]
    [InlineData("O ResolverOptions=+rotate", "2: readcf: I option value rotate unrecognized")]
    [InlineData("O ServerSSLOptions=all", "2: readcf: ServerSSLOptions option value all unrecognized")]
    [InlineData("O QueueSortOrder=xy", "2: Invalid queue sort order \"xy\"")]
    [InlineData("O NoRecipientAction=add", "2: Invalid NoRecipientAction: add")]
    [InlineData("O ConnectOnlyTo=x", "2: readcf: option ConnectOnlyTo: invalid IP address x")]
    [InlineData("O RunAsUser=", "2: readcf: option RunAsUser: unknown user ")]
    [InlineData("O AliasFile=/x,bogus:y", "2: setalias: unknown alias class bogus")]
    [InlineData("O AliasFile=regex:-a x", "2: setalias: map class regex can't handle aliases")]
    [InlineData("O DaemonPortOptions=Family=bogus", "2: Unknown address family bogus in Family=option")]
    [InlineData("O DaemonPortOptions=xyz=1", "2: PortOptions parameter \"xyz=1\" unknown")]
    [InlineData("O DaemonPortOptions=DeliveryMode=x", "2: Unknown delivery mode x")]
    public void Line_that_sendmail_refuses_is_refused_in_its_words(string line, string told)
    {
        CfDocument document = Parse(line);
        Diagnostic[] errors = [.. document.Diagnostics.Where(static d => d.Severity == Severity.Error)];
        Assert.Equal(string.Join('|', told.Split('|').Select(static one => "sendmail.cf: line " + one)), string.Join('|', errors.Select(static d => d.SendmailText)));
        Assert.All(errors, static d => Assert.Equal(70, d.ExitStatus));
        Assert.False(document.IsValid);
    }

    // sendmail ends at once over these.
    [Theory]
    [InlineData("O DeliveryMode=B", "sendmail.cf: line 2: Unknown delivery mode B")]
    [InlineData("O EightBitMode=adjust", "sendmail.cf: line 2: Unknown 8-bit mode a")]
    public void Mode_that_sendmail_does_not_know_is_wrong_usage(string line, string told)
    {
        Diagnostic error = Assert.Single(Parse(line).Diagnostics);
        Assert.Equal((Severity.Error, told, 64), (error.Severity, error.SendmailText, error.ExitStatus));
    }

    [Theory]
    [InlineData("O LogL=5", "sendmail.cf: line 2: Option LogL used as abbreviation for LogLevel")]
    [InlineData("O Blank.ub=S", "sendmail.cf: line 2: Option Blank used as abbreviation for BlankSub")]
    [InlineData("O x", "sendmail.cf: line 2: Option x used as abbreviation for XscriptFileBufferSize")]
    [InlineData("O Timeout.initial=5x", "sendmail.cf: line 2: Invalid time unit `x'")]
    [InlineData("O MinQueueAge=5d 3h", "sendmail.cf: line 2: Invalid time unit ` '")]
    [InlineData("O AliasWait=5D", "sendmail.cf: line 2: Invalid time unit `D'")]
    [InlineData("Mfoo, P=/x, A=x, W=x", "sendmail.cf: line 2: Invalid time unit `x'")]
    [InlineData("Mfoo, P=[IPC], A=IPC $h", "Mfoo: Warning: first argument in [IPC] mailer must be TCP or FILE")]
    [InlineData("O AuthOptions=Q", "Warning: Option: AuthOptions unknown parameter 'Q'")]
    [InlineData("O TLSSrvOptions=x", "Warning: Option: TLSSrvOptions unknown parameter 'x'")]
    [InlineData("O MaxHeadersLength=10", "Warning: MaxHeadersLength: headers length limit set lower than 16384")]
    [InlineData("O MaxMimeHeaderLength=100/50", "Warning: MaxMimeHeaderLength: header length limit set lower than 128")]
    [InlineData("V9/Berkeley", "Warning: .cf file is out of date: sendmail 8.17.1.9 supports version 10, .cf file is version 9")]
    public void What_sendmail_grumbles_about_and_takes_is_a_warning(string line, string told)
    {
        Diagnostic warning = Assert.Single(Parse(line).Diagnostics);
        Assert.Equal((Severity.Warning, told), (warning.Severity, warning.SendmailText));
    }

    [Theory]
    [InlineData("O LogLevel=5x")]
    [InlineData("O SevenBitInput=x")]
    [InlineData("O TempFileMode=999")]
    [InlineData("O MaxHopCount=-1")]
    [InlineData("O DaemonPortOptions=Foo=1")]
    [InlineData("Pfoo=x")]
    [InlineData("FX|/bin/echo one")]
    public void What_sendmail_takes_in_silence_though_it_makes_no_sense_is_a_warning_of_ours(string line)
    {
        Diagnostic warning = Assert.Single(Parse(line).Diagnostics);
        Assert.Equal((Severity.Warning, null), (warning.Severity, warning.SendmailText));
    }

    [Theory]
    [InlineData("T")]
    [InlineData("E")]
    [InlineData("DX")]
    [InlineData("D{1}x")]
    [InlineData("CX$")]
    [InlineData("C{X}= a b")]
    [InlineData("P=5")]
    [InlineData("V 10/Berkeley")]
    [InlineData("V10/Berkeley|")]
    [InlineData("Mfoo, P=/x, A=x, S=a_b")]
    [InlineData("V10/Berkeley/")]
    [InlineData("HFoo : bar")]
    [InlineData("H*: $>+bar")]
    [InlineData("H?P, Q?Foo: x")]
    [InlineData("HFoo: $>bar baz")]
    [InlineData("Kfoo HASH /x")]
    [InlineData("Kfo_o.x null")]
    [InlineData("K foo\tnull")]
    [InlineData("Mfoo P=/x, A=x")]
    [InlineData("Mfoo, Path=/x, Argv=x y")]
    [InlineData("Mfoo, P=/x, A=x, S=foo/bar, R=0")]
    [InlineData("Qfoo P=/x\nMfoo, P=/x, A=x, Q=foo")]
    [InlineData("Xfoo S=inet:99@localhost, T=C:5m;S:10s;R:10s;E:5m, F=X")]
    [InlineData("O Timeout.queuereturn=now")]
    [InlineData("O ConnectionCacheSize=2\r")]
    [InlineData("O Timeout=3")]
    [InlineData("O ServerSSLOptions=+ssl_op_all -5")]
    [InlineData("O AliasFile=-o hash:/x, /y")]
    [InlineData(" x")]
    [InlineData("\r")]
    public void What_sendmail_takes_is_taken(string line) => Assert.Empty(Parse(line).Diagnostics);

    [Fact]
    public void Level_of_the_future_is_refused()
    {
        Diagnostic error = Assert.Single(Parse("V11/Berkeley").Diagnostics);
        Assert.Equal((Severity.Error, "Warning: .cf version level (11) exceeds sendmail version 8.17.1.9 functionality (10)"), (error.Severity, error.SendmailText));
    }

    [Fact]
    public void Junk_is_told_in_one_short_line_that_no_terminal_obeys()
    {
        Diagnostic error = Assert.Single(Parse("\u001b[2J\u0007" + new string('x', 1 << 20)).Diagnostics);
        Assert.StartsWith("sendmail.cf(2): unknown configuration line \"?[2J?xxx", error.ToString(), StringComparison.Ordinal);
        Assert.True(error.ToString().Length < 600);
    }

    private static CfDocument Parse(string line) => CfDocument.Parse("V10/Berkeley\n" + line + "\n", "sendmail.cf");
}
