using Postrider.Mta.Maps;
using Postrider.Sendmail.Maps;

namespace Postrider.Tests.Mta.Maps;

/// <summary>Values as sendmail 8.17 gave them from the same slapd with the same directory, except where a row says otherwise.</summary>
public sealed class LdapMapTests(SlapdPeer slapd) : IClassFixture<SlapdPeer>
{
    [Theory]
    [InlineData("-k uid=%s -v mail", "alice", "alice@in.test")]
    [InlineData("-k (uid=%0) -v mail", "ALICE", "alice@in.test")]
    [InlineData("-k (uid=%s) -v mail", "nobody", "?")]
    [InlineData("-k (uid=%s) -v mail -z,", "alice", "alice@in.test,a2@in.test")]
    [InlineData("-k (uid=%s) -v mail,cn -z;", "alice", "Alice Example;alice@in.test;a2@in.test")]
    [InlineData("-k (uid=%s) -v mail,cn -z; -V=", "alice", "cn=Alice Example;mail=alice@in.test;mail=a2@in.test")]
    [InlineData("-k (uid=%s) -v mail:NORMAL -z\\n", "alice", "alice@in.test\na2@in.test")]
    [InlineData("-k (uid=%s) -n -v mail,cn -z;", "alice", "cn;mail")] // sendmail ends with an error
    [InlineData("-k (uid=%s) -z;", "bob", "inetOrgPerson;bob;Bob;Example;bob@in.test")] // sendmail ends with an error
    [InlineData("-k (sn=%s) -v mail -z,", "Example", "alice@in.test,a2@in.test,bob@in.test")]
    [InlineData("-1 -k (sn=%s) -v mail -z,", "Example", "?")]
    [InlineData("-1 -k (uid=%s) -v mail -z,", "alice", "alice@in.test,a2@in.test")]
    [InlineData("-Z1 -k (sn=%s) -v mail -z,", "Example", "!Size limit exceeded")]
    [InlineData("-m -k (uid=%s) -v mail", "alice", "alice")]
    [InlineData("-a.X -k (uid=%s) -v mail", "alice", "alice@in.test.X")]
    [InlineData("-k (uid=%s) -v description", "alice", "?")]
    [InlineData("-s one -k (uid=%s) -v mail", "alice", "?")]
    [InlineData("-s base -b uid=bob,ou=people,dc=test -k (uid=%s) -v mail", "bob", "bob@in.test")]
    [InlineData("-b dc=nothere -k (uid=%s) -v mail", "bob", "!No such object")]
    [InlineData("-l 3 -r always -R -c 4 -w 3 -k (uid=%s) -v mail", "bob", "bob@in.test")]
    [InlineData("-k (|(uid=%s)(mail=%s)) -v cn", "bob@in.test", "Bob")]
    [InlineData("-k (&(objectClass=inetOrgPerson)(!(uid=x))(mail=%0*)(mail=*in*)) -v cn", "bob", "Bob")]
    [InlineData("-k (uid:caseExactMatch:=%0) -v cn", "bob", "Bob")]
    [InlineData("-k (&(uid=%0)(cn~=Bob)(|(cn>=a)(cn<=z)(sn=*))(mail=*)(uid=b\\6fb)) -v cn", "bob", "Bob")]
    [InlineData("-v mailRoutingAddress -k (&(objectClass=inetLocalMailRecipient)(mailLocalAddress=%0))", "alice@route.test", "alice@inside.test")]
    [InlineData("-k (cn=%s) -v mail,member:DN -z,", "list", "alice@in.test,a2@in.test,bob@in.test")]
    [InlineData("-k (cn=%s) -v mail,member:DN:groupOfNames|other -z,", "list", "alice@in.test,a2@in.test,bob@in.test")]
    [InlineData("-k (cn=%s) -v mail,member:DN:inetOrgPerson -z,", "list", "?")]
    [InlineData("-k (uid=%s) -v mail,title:FILTER -z,", "ref", "alice@in.test,a2@in.test")]
    [InlineData("-k (uid=%s) -v mail,labeledURI:URL -z,", "ref", "bob@in.test")]
    [InlineData("-k (uid=%s) -v dn", "bob", "?")]
    [InlineData("-k (uid=%s) -v mail", "odd*(x)\\y", "odd,with comma@in.test")] // sendmail: Bad search filter
    [InlineData("-k (uid=%s) -v mail", "*", "?")] // sendmail: everybody
    [InlineData("-k (uid=%s) -v mail", "a*", "?")] // sendmail: alice
    [InlineData("-k (uid=%0) -v mail", "*)(uid=*", "?")]
    [InlineData("-k (uid=%0) -v mail", "\0", "?")]
    public async Task Each_flag_answers_as_sendmail(string line, string key, string expected)
    {
        NeedsSlapd();
        Assert.Equal(expected, await AskAsync(line, key));
    }

    [Fact]
    public async Task Control_characters_of_a_value_become_harmless()
    {
        NeedsSlapd();
        Assert.Equal("aXb\u00c2\u0081cXd", await AskAsync("-k (uid=%0) -v title", "odd"));
    }

    [Theory]
    [InlineData("-K -k (&(uid=%0)(sn=%1)) -v mail", "bob@in.test")]
    [InlineData("-K -k (&(uid=%0)(sn=%2)) -v mail", "?")]
    [InlineData("-k (&(uid=%0)(sn=%1)) -v mail", "?")]
    public async Task Arguments_stand_in_the_filter_where_the_line_asks_for_them(string line, string expected)
    {
        NeedsSlapd();
        Assert.Equal(expected, await AskAsync(line, "bob", "Example"));
        Assert.Equal("?", await AskAsync(line, "bob", "*"));
    }

    [Theory]
    [InlineData("-M simple -d cn=reader,dc=test -P SECRET", "hidden")]
    [InlineData("-M LDAP_AUTH_SIMPLE -dcn=reader,dc=test -PSECRET", "hidden")]
    [InlineData("", "?")]
    [InlineData("-M simple -d cn=nobody,dc=test -P SECRET", "!ldap_init/ldap_bind failed to 127.0.0.1:PORT in map x: Invalid credentials")]
    public async Task Who_asks_is_said_by_name_and_secret(string flags, string expected)
    {
        NeedsSlapd();
        IMap map = Open($"{flags.Replace("SECRET", slapd.Secret, StringComparison.Ordinal)} -k uid=%s -v description");
        Assert.Equal(expected.Replace("PORT", $"{slapd.Port}", StringComparison.Ordinal), await NetworkMap.AskAsync(map, "alice"));
    }

    [Fact]
    public async Task Servers_are_tried_in_their_order_by_host_by_uri_and_by_local_socket()
    {
        NeedsSlapd();
        foreach (string where in (string[])[$"-h \"127.0.0.9 127.0.0.1\" -p {slapd.Port}", $"-h 127.0.0.1:{slapd.Port}", $"-H ldap://127.0.0.1:{slapd.Port}/", $"-H \"ldap://127.0.0.1:1 ldapi://{Uri.EscapeDataString(slapd.Socket)}\""])
            Assert.Equal("bob@in.test", await NetworkMap.AskAsync(NetworkMap.Open($"x ldap {where} -b dc=test -k uid=%s -v mail", NetworkMap.Services()), "bob"));
    }

    [Fact]
    public async Task Over_tls_a_server_is_trusted_whose_authority_ldap_conf_names_and_no_other()
    {
        NeedsSlapd();
        string conf = Path.GetTempFileName();
        await File.WriteAllTextAsync(conf, $"# defaults\nBASE dc=test\nURI ldaps://127.0.0.1:{slapd.TlsPort}\nTLS_CACERT {slapd.Authority}\n", TestContext.Current.CancellationToken);
        MapServices services = NetworkMap.Services() with { LdapConfPath = conf };
        Assert.Equal("bob@in.test", await NetworkMap.AskAsync(NetworkMap.Open("x ldap -k uid=%s -v mail", services), "bob"));
        Assert.StartsWith("!ldap_init/ldap_bind failed to 127.0.0.1:", await NetworkMap.AskAsync(NetworkMap.Open($"x ldap -H ldaps://127.0.0.1:{slapd.TlsPort} -b dc=test -k uid=%s -v mail", NetworkMap.Services()), "bob"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(conf, "TLS_CACERT /nonexistent/ca.pem\n", TestContext.Current.CancellationToken);
        Assert.Contains("/nonexistent/ca.pem", await NetworkMap.AskAsync(NetworkMap.Open($"x ldap -H ldaps://127.0.0.1:{slapd.TlsPort} -k uid=%s", services), "bob"), StringComparison.Ordinal);
        File.Delete(conf);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("base dc=x,dc=y\nHOST a b:3890\nPORT 390\n", "dc=x,dc=y", "a:390 b:3890")]
    [InlineData("HOST a\nURI ldap://c ldaps://d nonsense\n", "", "c:389 d:636")]
    [InlineData("#BASE dc=z\nBASE\n", "", "")]
    public void Defaults_are_those_of_ldap_conf(string text, string baseDn, string servers)
    {
        Postrider.Mta.Ldap.LdapConf conf = Postrider.Mta.Ldap.LdapConf.Parse(text);
        Assert.Equal((baseDn, servers), (conf.BaseDn, string.Join(' ', conf.Servers)));
    }

    [Fact]
    public async Task What_the_line_does_not_say_the_default_spec_says()
    {
        NeedsSlapd();
        MapServices services = NetworkMap.Services(null, ("LDAPDefaultSpec", $"-h 127.0.0.1 -p {slapd.Port} -b dc=nothere -w 3"));
        Assert.Equal("bob@in.test", await NetworkMap.AskAsync(NetworkMap.Open("x ldap -b dc=test -k uid=%s -v mail", services), "bob"));
        Assert.StartsWith("!", await NetworkMap.AskAsync(NetworkMap.Open("x ldap -H ldap://127.0.0.1:1 -b dc=test -k uid=%s -v mail", services), "bob"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-b ou=elsewhere,dc=refs", "bob@in.test")]
    [InlineData("-b dc=refs", "bob@in.test")]
    [InlineData("-R -b ou=elsewhere,dc=refs", "!Referral")]
    [InlineData("-R -b dc=refs", "?")]
    public async Task What_is_on_another_server_is_fetched_there_unless_R_forbids_it(string flags, string expected)
    {
        NeedsSlapd();
        Assert.Equal(expected, await AskAsync(flags + " -k uid=%s -v mail", "bob"));
    }

    [Fact]
    public async Task Many_ask_at_once_and_each_has_its_own_answer()
    {
        NeedsSlapd();
        IMap map = Open("-k uid=%s -v mail");
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => NetworkMap.AskAsync(map, i % 2 == 0 ? "alice" : "bob")));
        Assert.Equal(string.Concat(Enumerable.Repeat("alice@in.test bob@in.test ", 50)), string.Join(' ', answers) + " ");
    }

    [Theory]
    [InlineData("x ldap -k uid=%s -h 127.0.0.1 -p 1", "!ldap_init/ldap_bind failed to 127.0.0.1:1 in map x: ")]
    [InlineData("x ldap -o -k uid=%s -h 127.0.0.1 -p 1", "?")]
    [InlineData("x ldap -k ((uid=%s -v mail", "!Error in ldap_search in map x: Bad search filter")]
    [InlineData("x ldap -k (uid=%s)) -v mail", "!Error in ldap_search in map x: Bad search filter")]
    [InlineData("x ldap -k (%s=x) -v mail", "!Error in ldap_search in map x: Bad search filter")]
    [InlineData("x ldap -k (&) -v mail", "!Error in ldap_search in map x: Bad search filter")]
    public async Task What_cannot_be_asked_is_a_temporary_failure_unless_it_is_optional(string line, string expected) =>
        Assert.StartsWith(expected, await NetworkMap.AskAsync(NetworkMap.Open(line, NetworkMap.Services()), "bob"), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "No filter given in map x")]
    [InlineData("-k f=%s -s foo", "Scope must be [base|one|sub] (not foo) in map x")]
    [InlineData("-k f=%s -r foo", "Deref must be [never|always|search|find] (not foo) in map x")]
    [InlineData("-k f=%s -M foo", "Method for binding must be [none|simple|krbv4] (not foo) in map x")]
    [InlineData("-k f=%s -M krbv4", "Method krbv4 is not spoken any more in map x; simple and none are")]
    [InlineData("-k f=%s -w 9", "LDAP version 9 exceeds max of 3 in map x")]
    [InlineData("-k f=%s -v mail:FOO", "Unknown attribute type (FOO) in x")]
    [InlineData("-k f=%s -v member:DN", "LDAP recursion requested in x but no returnable attribute given")]
    [InlineData("-k f=%s -Q", "Illegal option Q map x")]
    [InlineData("-k f=%s -h a -H ldap://b", "Can not specify both an LDAP host and an LDAP URI in map x")]
    [InlineData("-k f=%s -H foo://a", "foo://a is no LDAP URI in map x")]
    public void What_is_wrong_with_the_line_is_said(string flags, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => NetworkMap.Open("x ldap " + flags, NetworkMap.Services())).Message);

    [Fact]
    public void A_secret_that_cannot_be_read_is_said() =>
        Assert.StartsWith("LDAP map: cannot open secret /nonexistent/secret: ", Assert.Throws<FormatException>(static () => NetworkMap.Open("x ldap -k f=%s -M simple -P /nonexistent/secret", NetworkMap.Services())).Message, StringComparison.Ordinal);

    private static void NeedsSlapd() => Assert.SkipUnless(SlapdPeer.IsHere, "needs slapd below /opt/peers (eng/peers.sh unpacks it)");

    private IMap Open(string flags) => NetworkMap.Open($"x ldap -h 127.0.0.1 -p {slapd.Port} -b dc=test {flags}", NetworkMap.Services());

    private async Task<string> AskAsync(string flags, string key, params string[] arguments) =>
        (await NetworkMap.AskAsync(Open(flags), key, arguments)).Replace($"Error getting LDAP results, map=x, name={key}: ", "", StringComparison.Ordinal);
}
