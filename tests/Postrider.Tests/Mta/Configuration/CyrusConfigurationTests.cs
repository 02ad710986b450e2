using Postrider.Mta.Configuration;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;

namespace Postrider.Tests.Mta.Configuration;

/// <summary>Sendmail.conf of Cyrus SASL; which files are read, and what they change, was watched at sendmail 8.17.</summary>
public sealed class CyrusConfigurationTests
{
    private const string Cf = "V10/Berkeley\nDjmx.example.com\nScanonify=3\nR$*\t$: $1\nS0\nR$*\t$#local $: $1\nMlocal, P=/bin/true, F=l, A=true\nMprog, P=/bin/true, F=l, A=true\n";

    [Fact]
    public void Without_a_file_everything_is_asked_of_the_default_database()
    {
        CyrusConfiguration found = CyrusConfiguration.Find(static _ => null);
        Assert.Equal("/etc/sasldb2", found.Database);
        Assert.True(found.ChecksPasswords && found.UsesDatabase && found.Mechanisms.IsEmpty && found.Unserved.IsEmpty && found.File is null);
    }

    [Fact]
    public void The_first_place_counts_alone()
    {
        CyrusConfiguration found = CyrusConfiguration.Find(static path => path switch { "/etc/sasl2/Sendmail.conf" => "mech_list: PLAIN\n", "/usr/lib/sasl2/Sendmail.conf" => "mech_list: LOGIN\n", _ => null });
        Assert.Equal(["PLAIN"], found.Mechanisms);
        Assert.Equal("/etc/sasl2/Sendmail.conf", found.File);
    }

    [Fact]
    public void Keys_are_read_with_their_blanks_and_comments_are_passed_over()
    {
        CyrusConfiguration found = CyrusConfiguration.Parse("# mech_list: NONE\nmech_list:   PLAIN\tcram-md5 \r\nsasldb_path:/tmp/sdb\nPWCHECK_method: auxprop saslauthd\nauxprop_plugin: sasldb\nlog_level: 7\nnonsense\n");
        Assert.Equal(["PLAIN", "cram-md5"], found.Mechanisms);
        Assert.Equal("/tmp/sdb", found.Database);
        Assert.True(found.ChecksPasswords && found.UsesDatabase && found.Unserved.IsEmpty);
    }

    [Fact]
    public void What_is_not_served_is_named()
    {
        CyrusConfiguration found = CyrusConfiguration.Parse("pwcheck_method: saslauthd\nauxprop_plugin: sql\nsasldb_path: relative\n");
        Assert.False(found.ChecksPasswords || found.UsesDatabase);
        Assert.Equal("/etc/sasldb2", found.Database);
        Assert.Equal(
            ["pwcheck_method saslauthd is not served yet: PLAIN and LOGIN are not offered", "auxprop_plugin sql is not served yet: AUTH is not offered", "sasldb_path relative: not a whole path; /etc/sasldb2 is used"],
            found.Unserved);
    }

    [Theory]
    [InlineData("", "EXTERNAL GSSAPI KERBEROS_V4 DIGEST-MD5 CRAM-MD5", "", null)]
    [InlineData("O AuthMechanisms=PLAIN CRAM-MD5\nO AuthOptions=A p\nO AuthRealm=other.realm\n", "PLAIN CRAM-MD5", "Ap", "other.realm")]
    public void A_classic_site_asks_whom_sendmail_would_ask(string lines, string mechanisms, string options, string? realm)
    {
        AuthConfiguration auth = Bind(Cf + lines, "sasldb_path: /var/sdb\nmech_list: plain\n").Configuration!.Auth;
        Assert.Equal(mechanisms, string.Join(' ', auth.Mechanisms));
        Assert.Equal((options, realm, "/var/sdb", true, true), (auth.Options, auth.Realm, auth.SaslDatabase, auth.ChecksPasswords, auth.IsAsSendmails));
        Assert.Equal(["plain"], auth.AllowedMechanisms);
    }

    [Fact]
    public void What_Sendmail_conf_asks_for_in_vain_is_a_warning_of_the_site()
    {
        SiteBinding binding = Bind(Cf, "auxprop_plugin: ldapdb\n");
        Assert.Null(binding.Configuration!.Auth.SaslDatabase);
        Assert.Contains(binding.Diagnostics, static found => found.Severity == Severity.Warning && found.Message == "/etc/sasl2/Sendmail.conf: auxprop_plugin ldapdb is not served yet: AUTH is not offered");
    }

    [Fact]
    public void A_site_of_ours_does_not_look_at_Cyrus() =>
        Assert.Null(Bind("V10/Postrider\nDjmx.example.com\n", "sasldb_path: /var/sdb\n").Configuration!.Auth.SaslDatabase);

    private static SiteBinding Bind(string cf, string conf) => SiteBinder.Bind(
        CfDocument.Parse(cf, "site.cf"), new BindingHost { HostName = "mx.example.com", BaseDirectory = "/etc/mail", ReadText = path => path == "/etc/sasl2/Sendmail.conf" ? conf : null });
}
