using Postrider.Mta.Configuration;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Mc;

namespace Postrider.Tests.Mta.Configuration;

public sealed class SiteBinderTests
{
    private const string Head = "V10/Postrider\nDjmx.example.com\nO DaemonPortOptions=Name=MTA, Port=2525\nO Feature.virtual_mailboxes=text:/etc/mail/mailboxes, /var/mail/virtual\n";

    private const string Classic = "V10/Berkeley\nDjmx.example.com\nCwexample.org\nS3\nR$*\t$@ $1\nS0\nR$*\t$#local $: $1\n";

    private static readonly BindingHost Host = new() { HostName = "host.example.net", BaseDirectory = "/etc/mail", ReadClassFile = static (_, _) => ClassFileReading.Nothing };

    [Fact]
    public void Site_is_bound_from_the_mc_that_the_quickstart_is()
    {
        const string Mc = """
            include(`cf.m4')dnl
            OSTYPE(`linux')dnl
            define(`confDOMAIN_NAME', `mx.example.com')dnl
            LOCAL_DOMAIN(`example.com')dnl
            define(`QUEUE_DIR', `/srv/queue')dnl
            define(`confPID_FILE', `/srv/queue/postrider.pid')dnl
            define(`confCACERT_PATH', `/srv/certs')dnl
            define(`confCACERT', `/srv/certs/ca.pem')dnl
            define(`confSERVER_CERT', `/srv/certs/server.pem')dnl
            define(`confSERVER_KEY', `/srv/certs/server.key')dnl
            define(`SMART_HOST', `relay:[smtp.example.net]:2526')dnl
            define(`confMAX_MESSAGE_SIZE', `25000000')dnl
            define(`confPRIVACY_FLAGS', `authwarnings,novrfy,noexpn')dnl
            define(`confTO_QUEUERETURN', `3d')dnl
            TRUST_AUTH_MECH(`PLAIN LOGIN SCRAM-SHA-256')dnl
            RELAY_DOMAIN(`192.0.2 example.org')dnl
            FEATURE(`no_default_msa')dnl
            FEATURE(`accept_unresolvable_domains')dnl
            FEATURE(`user_store', `/srv/users')dnl
            FEATURE(`name_servers', `127.0.0.1:5300')dnl
            FEATURE(`virtual_mailboxes', `text:/srv/mailboxes', `/srv/mail')dnl
            DAEMON_OPTIONS(`Name=MTA, Addr=127.0.0.1, Port=2525')dnl
            DAEMON_OPTIONS(`Name=MSA, Addr=127.0.0.1, Port=submission, M=Ea')dnl
            DAEMON_OPTIONS(`Name=TLSMSA, M=Eas')dnl
            MAILER(`smtp')dnl

            """;
        McResult built = McCompiler.Compile(Mc, "site.mc", new McCompileOptions());
        Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
        SiteBinding binding = SiteBinder.Bind(CfDocument.Parse(built.CfText, "site.cf"), Host);
        Assert.Equal([], binding.Diagnostics);
        SiteConfiguration site = binding.Configuration!;
        Assert.Equal(("mx.example.com", "/srv/queue", "/srv/queue/postrider.pid"), (site.HostName, site.Queue.Directory, site.PidFile));
        Assert.Equal("[smtp.example.net]:2526", site.SmartHost);
        Assert.Equal(25000000, site.Limits.MaxMessageSize);
        Assert.Equal(PrivacyFlags.AuthWarnings | PrivacyFlags.NoVrfy | PrivacyFlags.NoExpn, site.Privacy);
        Assert.Equal(TimeSpan.FromDays(3), site.Timeouts.QueueReturn);
        Assert.Equal("/srv/users", site.Auth.UserStore);
        Assert.Equal(["127.0.0.1:5300"], site.NameServers);
        Assert.Equal(new VirtualMailboxConfiguration("text:/srv/mailboxes", "/srv/mail"), site.VirtualMailboxes);
        Assert.True(site.AcceptUnresolvableDomains);
        Assert.Equal(["example.org", "192.0.2"], site.RelayDomains.OrderByDescending(static name => name, StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(["example.com", "localhost", "mx.example.com"], site.LocalDomains.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Contains("scram-sha-256", site.Auth.TrustedMechanisms);
        Assert.Equal(
            [("MTA", "127.0.0.1", 2525, ""), ("MSA", "127.0.0.1", 587, "Ea"), ("TLSMSA", null, 465, "Eas")],
            site.Listeners.Select(static listener => (listener.Name, listener.Address, listener.Port, listener.Modifiers)));
    }

    [Theory]
    [InlineData("Mlocal, P=/bin/deliver, F=lsDFMAw5:/|@q, A=deliver -d $u\n", true)]
    [InlineData("", false)]
    public void Who_has_accounts_is_told_that_forward_files_are_not_read(string mailer, bool isTold)
    {
        SiteBinding binding = SiteBinder.Bind(CfDocument.Parse($"V10/Postrider\nDjmx.example.com\nO ForwardPath=$z/.forward\n{mailer}", "t.cf"), new BindingHost { HostName = "mx.example.com", BaseDirectory = "/etc/mail" });
        Assert.NotNull(binding.Configuration);
        Assert.Equal(isTold, binding.Diagnostics.Any(static one => one.Message.StartsWith(".forward files", StringComparison.Ordinal)));
        Assert.Equal(!isTold, binding.Diagnostics.Any(static one => one.Message.StartsWith("there are no local mailboxes", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/etc/mail/aliases", "/etc/mail/aliases")]
    [InlineData("hash:/etc/mail/aliases, /etc/more", "hash:/etc/mail/aliases|/etc/more")]
    [InlineData("hash -o /etc/mail/aliases", "hash -o /etc/mail/aliases")]
    [InlineData("ldap:-k (&(objectClass=x)(uid=%0)) -v mail, /etc/aliases", "ldap:-k (&(objectClass=x)(uid=%0)) -v mail|/etc/aliases")]
    [InlineData("", "")]
    [InlineData(" , ", "")]
    public void AliasFile_is_a_list_of_maps(string value, string maps)
    {
        SiteBinding binding = SiteBinder.Bind(CfDocument.Parse($"V10/Postrider\nDjmx.example.com\nO AliasFile={value}\n", "t.cf"), new BindingHost { HostName = "mx.example.com", BaseDirectory = "/etc/mail" });
        Assert.True(binding.Configuration is not null, string.Join('\n', binding.Diagnostics));
        Assert.Equal(maps, string.Join('|', binding.Configuration.Aliases.Maps));
    }

    [Theory]
    [InlineData("O MaxHopCounts=3", "t.cf(5): readcf: unknown option name MaxHopCounts (did you mean `MaxHopCount'?)")]
    [InlineData("O PrivacyOptions=novfry", "t.cf(5): readcf: Op line: novfry unrecognized (did you mean `novrfy'?)")]
    [InlineData("O Feature.access_db", "t.cf(5): FEATURE(`access_db') is not served yet")]
    [InlineData("O Feature.virtual_mailboxs=x", "t.cf(5): FEATURE(`virtual_mailboxs') is not served yet (did you mean `virtual_mailboxes'?)")]
    [InlineData("O InputMailFilters=clam", "t.cf(5): option InputMailFilters is not served yet, and without it mail would pass unfiltered (take the line out if that is right)")]
    [InlineData("O CipherList=HIGH", "t.cf(5): option CipherList is not served yet, and without it other ciphers would be used (take the line out if that is right)")]
    [InlineData("O DeliveryMode=queueonly", "t.cf(5): option DeliveryMode=queueonly is not served yet: mail is delivered at once in the background")]
    [InlineData("O DontBlameSendmail=GroupReadableKeyFile", "t.cf(5): option DontBlameSendmail=GroupReadableKeyFile is not served yet: file checks cannot be loosened yet")]
    [InlineData("O MaxMessageSize=-1", "t.cf(5): option MaxMessageSize: `-1' is not a number from 0 on")]
    [InlineData("O DaemonPortOptions=Port=sbmission", "t.cf(5): service \"sbmission\" unknown (did you mean `submission'?)")]
    [InlineData("O DaemonPortOptions=Name=X, M=s", "t.cf: listener X (M=s) has no certificate to begin with (define confSERVER_CERT, confSERVER_KEY, confCACERT and confCACERT_PATH)")]
    [InlineData("DMexample.com", "t.cf(5): MASQUERADE_AS is not served yet")]
    [InlineData("DSuucp:host", "t.cf(5): SMART_HOST: mailer uucp is not served (write relay:[host] or esmtp:host)")]
    [InlineData("DSesmpt:host", "t.cf(5): SMART_HOST: mailer esmpt is not served (did you mean `esmtp'?)")]
    [InlineData("Mcyrus, P=/usr/bin/deliver, A=deliver $u", "t.cf(5): mailer cyrus is not served yet")]
    [InlineData("Mlocal, P=[IPC], A=FILE /run/lmtp", "t.cf(5): mailer local: delivery by [IPC] is not served yet (name a program in LOCAL_MAILER_PATH, or FEATURE(`virtual_mailboxes'), which delivers into Maildirs)")]
    [InlineData("Mesmtp, P=[IPC], A=TCP $h 2525", "t.cf(5): mailer esmtp: only P=[IPC], A=TCP $h is served yet")]
    [InlineData("HX-Site: mine", "t.cf(5): header X-Site: header lines of the site's own are not served yet")]
    [InlineData("S3\nR$*\t$@ $1", "t.cf: rulesets canonify (3) and parse (0) are both the site's own, or both native")]
    [InlineData("Qslow, P=/q", "t.cf(5): queue group slow: queue groups are not served yet")]
    [InlineData("Xclam, S=local:/run/c", "t.cf(5): mail filter clam: mail filters are not served yet, and without it mail would pass unfiltered")]
    [InlineData("Djbad name", "t.cf(5): `bad name' is no host name (define(`confDOMAIN_NAME', `mx.example.com'))")]
    [InlineData("zz", "t.cf(5): unknown configuration line \"zz\"")]
    public void Line_that_cannot_be_honoured_is_refused_by_name(string line, string diagnostic)
    {
        SiteBinding binding = Bind(Head + line + "\n");
        Assert.Null(binding.Configuration);
        Assert.Contains(diagnostic, Texts(binding), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("O MinFreeBlocks=7", "t.cf(5): warning: option MinFreeBlocks has no effect so far")]
    [InlineData("O DaemonPortOptions=Name=B, M=C", "t.cf(5): warning: DaemonPortOptions: modifier C has no effect so far")]
    [InlineData("CEroot", "t.cf(5): warning: class E has no effect so far")]
    [InlineData("O PidFile=run/pid", "t.cf(5): warning: run/pid is a relative path: /etc/mail/run/pid is meant (write the whole path)")]
    [InlineData("O ServerCertFile=/c.pem", "t.cf: warning: STARTTLS is not offered: CACertPath, CACertFile, ServerCertFile and ServerKeyFile are wanted, all four")]
    [InlineData("O DaemonPortOptions=Name=MTA, Port=26", "t.cf: warning: 2 listeners are called MTA: logs cannot tell them apart (give each a Name=)")]
    [InlineData("Djhost", "t.cf(5): warning: the host's name `host' has no domain (define(`confDOMAIN_NAME', `mx.example.com'))")]
    public void Line_without_effect_is_a_warning(string line, string diagnostic)
    {
        SiteBinding binding = Bind(Head + line + "\n");
        Assert.NotNull(binding.Configuration);
        Assert.Equal([diagnostic], Texts(binding), StringComparer.Ordinal);
    }

    [Fact]
    public void Everything_wrong_is_said_at_once_in_the_order_of_the_file()
    {
        SiteBinding binding = Bind(Head + "O Bogus=1\nDMexample.com\nO Feature.dnsbl=bl.example\nzz\n");
        Assert.Equal([5, 6, 7, 8], binding.Diagnostics.Where(static found => found.Severity == Severity.Error).Select(static found => found.Line));
    }

    [Fact]
    public void Classic_cf_is_taken_with_its_rules()
    {
        SiteBinding binding = Bind(Classic);
        Assert.Empty(Texts(binding));
        RulesConfiguration rules = binding.Configuration!.Rules!;
        Assert.True(rules.IsClassic);
        Assert.True(rules.ResolvesAddresses);
        Assert.Equal("mx.example.com", rules.Macros.Value("j"));
        Assert.Contains("example.org", binding.Configuration.LocalDomains);
    }

    [Fact]
    public void Classic_cf_without_rules_for_addresses_is_refused() =>
        Assert.Contains(
            "t.cf(1): V10/Berkeley: no rules for canonify (3) and parse (0): no address could be resolved (under V10/Postrider they are native)",
            Texts(Bind("V10/Berkeley\nDjmx.example.com\nSfoo\nR$*\t$@ x\n")),
            StringComparer.Ordinal);

    [Theory]
    [InlineData("O SoftBounce=true", "t.cf(8): warning: option SoftBounce is not served yet, and without it mail would be bounced for good (take the line out if that is right)")]
    [InlineData("O EightBitMode=mimify", "t.cf(8): warning: option EightBitMode=mimify is not served yet: eight-bit mail is passed as it is")]
    [InlineData("Qslow, P=/q", "t.cf(8): warning: queue group slow: queue groups are not served yet")]
    public void Classic_cf_runs_with_what_has_no_effect_said(string line, string diagnostic)
    {
        SiteBinding binding = Bind(Classic + line + "\n");
        Assert.NotNull(binding.Configuration);
        Assert.Equal([diagnostic], Texts(binding), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("O InputMailFilters=clam", "t.cf(8): option InputMailFilters is not served yet, and without it mail would pass unfiltered (take the line out if that is right)")]
    [InlineData("O CRLFile=/etc/mail/crl.pem", "t.cf(8): option CRLFile is not served yet, and without it revoked certificates would be taken (take the line out if that is right)")]
    [InlineData("Xclam, S=local:/run/c", "t.cf(8): mail filter clam: mail filters are not served yet, and without it mail would pass unfiltered")]
    public void Classic_cf_is_refused_where_going_on_would_be_unsafe(string line, string diagnostic)
    {
        SiteBinding binding = Bind(Classic + line + "\n");
        Assert.Null(binding.Configuration);
        Assert.Contains(diagnostic, Texts(binding), StringComparer.Ordinal);
    }

    [Fact]
    public void Macros_are_expanded_in_classes_and_paths()
    {
        SiteBinding binding = Bind("V10/Postrider\nDDexample.com\nDjmx.$D\nCw$D www.$D\nO PidFile=/run/$j.pid\nO Feature.virtual_mailboxes=text:/m, /d\n");
        Assert.Equal(("mx.example.com", "/run/mx.example.com.pid"), (binding.Configuration!.HostName, binding.Configuration.PidFile));
        Assert.Contains("www.example.com", binding.Configuration.LocalDomains);
    }

    [Fact]
    public void Class_is_read_from_its_file()
    {
        BindingHost host = Host with { ReadClassFile = static (file, _) => file.Source == "/etc/mail/names" ? new ClassFileReading(["example.org", "example.edu"], []) : ClassFileReading.Nothing };
        SiteBinding binding = SiteBinder.Bind(CfDocument.Parse(Head + "Fw/etc/mail/names\nFR-o /etc/mail/relay-domains\n", "t.cf"), host);
        Assert.Contains("example.org", binding.Configuration!.LocalDomains);
        Assert.Contains("example.edu", binding.Configuration.LocalDomains);
        Assert.Empty(binding.Configuration.RelayDomains);
    }

    [Fact]
    public void Class_file_that_cannot_be_read_is_told_with_its_line_in_both_forms()
    {
        SiteBinding binding = SiteBinder.Bind(CfDocument.Parse(Head + "Fw\n\t/nowhere/names\n", "t.cf"), Host with { ReadClassFile = ClassFileReader.Read });
        Diagnostic found = Assert.Single(binding.Diagnostics, static one => one.Severity == Severity.Error);
        int line = Head.Count(static c => c == '\n') + 1;
        Assert.Equal($"t.cf({line}): fileclass: cannot open '/nowhere/names': No such file or directory (touch /nowhere/names)", found.ToString());
        Assert.Equal(($"t.cf: line {line + 1}: fileclass: cannot open '/nowhere/names': No such file or directory", 71), (found.SendmailText, found.ExitStatus));
    }

    [Fact]
    public void Host_name_and_one_listener_are_there_without_being_said()
    {
        SiteConfiguration site = Bind("V10/Postrider\nO Feature.virtual_mailboxes=text:/m, /d\n").Configuration!;
        Assert.Equal("host.example.net", site.HostName);
        Assert.Equal(("Daemon0", 25), (Assert.Single(site.Listeners).Name, site.Listeners[0].Port));
    }

    [Fact]
    public void Goaway_means_what_it_means_in_sendmail()
    {
        PrivacyFlags flags = Bind(Head + "O PrivacyOptions=goaway,noetrn\n").Configuration!.Privacy;
        Assert.True(flags.HasFlag(PrivacyFlags.NoVrfy | PrivacyFlags.NoVerb | PrivacyFlags.NoReflection | PrivacyFlags.NoEtrn));
        Assert.False(flags.HasFlag(PrivacyFlags.NoBodyReturn));
    }

    [Fact]
    public void Every_option_of_the_table_is_one_that_sendmail_knows() =>
        Assert.Empty(SiteOptions.ByName.Keys.Where(static name => CfOptionTable.Find(name) is null));

    private static SiteBinding Bind(string cf) => SiteBinder.Bind(CfDocument.Parse(cf, "t.cf"), Host);

    private static IEnumerable<string> Texts(SiteBinding binding) => binding.Diagnostics.Select(static found => found.ToString());
}
