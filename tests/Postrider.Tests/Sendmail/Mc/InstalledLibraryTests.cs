using System.Text;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Mc;

namespace Postrider.Tests.Sendmail.Mc;

/// <summary>
/// Every <c>.mc</c> of Debian's package sendmail-cf through GNU m4 and through our engine with that package's library: the same octets, except for the comment lines that
/// say who built it. The package is looked for where it installs itself, or where SENDMAIL_CF points (its directory <c>usr/share/sendmail/cf</c>, unpacked anywhere).
/// </summary>
public sealed class InstalledLibraryTests : IDisposable
{
    private const string UsualPlace = "/usr/share/sendmail/cf";

    private static readonly string Library = Relocated(Environment.GetEnvironmentVariable("SENDMAIL_CF") ?? UsualPlace);

    private readonly string _directory = Directory.CreateTempSubdirectory("postrider-cf-").FullName;

    /// <summary>The package's files name each other by the place where it installs itself: a copy from elsewhere gets its own place written in.</summary>
    private static string Relocated(string library)
    {
        if (library == UsualPlace || !Directory.Exists(library)) { return library; }
        string copy = Path.Combine(Path.GetTempPath(), $"postrider-sendmail-cf-{Environment.ProcessId}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(copy, recursive: true);
        foreach (string path in Directory.GetFiles(library, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(library, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, File.ReadAllText(path, Encoding.Latin1).Replace(UsualPlace + "/", copy + "/", StringComparison.Ordinal), Encoding.Latin1);
        }
        return copy;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Files
    {
        get
        {
            if (!Directory.Exists(Library)) { return ["(sendmail-cf is not here)"]; }
            string[] paths = Directory.GetFiles(Library, "*.mc", SearchOption.AllDirectories);
            return [.. paths.Select(path => Path.GetRelativePath(Library, path)).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_cf_is_octet_for_octet_what_GNU_m4_makes(string name)
    {
        SkipWhatIsMissing();
        string text = File.ReadAllText(Path.Combine(Library, name), Encoding.Latin1);
        string place = Path.Combine(Library, Path.GetDirectoryName(name)!);
        File.WriteAllText(Path.Combine(_directory, "site.mc"), text, Encoding.Latin1);
        Compare(text, place);
    }

    [Theory]
    [InlineData("FEATURE(`access_db', `hash -T<TMPF> -o /etc/mail/access')\nFEATURE(`delay_checks', `friend')\nFEATURE(`dnsbl', `bl.example.org', `', `t')\nFEATURE(`enhdnsbl', `x.example', `\"no\"', `t', `127.0.0.2.')\nFEATURE(`greet_pause', 5000)\nFEATURE(`ratecontrol', `nodelay', `terminate')\nFEATURE(`conncontrol', `nodelay', `terminate')\n")]
    [InlineData("FEATURE(`virtusertable')\nFEATURE(`genericstable')\nFEATURE(`mailertable')\nFEATURE(`domaintable')\nGENERICS_DOMAIN(`a.example')\nVIRTUSER_DOMAIN(`b.example')\nMASQUERADE_AS(`c.example')\nFEATURE(`masquerade_envelope')\nFEATURE(`allmasquerade')\nMASQUERADE_DOMAIN(`d.example e.example')\n")]
    [InlineData("FEATURE(`ldap_routing')\nLDAPROUTE_DOMAIN(`a.example')\nFEATURE(`tls_session_features')\nFEATURE(`redirect')\nFEATURE(`nouucp', `reject')\nFEATURE(`require_rdns')\nFEATURE(`block_bad_helo')\nFEATURE(`authinfo')\nFEATURE(`compat_check')\nFEATURE(`queuegroup', `g')\n")]
    [InlineData("define(`SMART_HOST', `esmtp:[r.example]')\ndefine(`LUSER_RELAY', `error:5.1.1:\"550 no\"')\ndefine(`confTO_IDENT', `0')\ndefine(`confAUTH_OPTIONS', `A p')\nTRUST_AUTH_MECH(`PLAIN LOGIN')\nDAEMON_OPTIONS(`Port=smtp,Addr=127.0.0.1, Name=MTA')\nINPUT_MAIL_FILTER(`f', `S=inet:1@localhost, F=T')\nFEATURE(`no_default_msa')\nFEATURE(`badmx')\nFEATURE(`bcc')\nFEATURE(`relay_entire_domain')\n")]
    [InlineData("FEATURE(`nullclient', `hub.example')\n")]
    [InlineData("FEATURE(`local_procmail', `', `procmail -t -Y -a $h -d $u')\nFEATURE(`smrsh')\nFEATURE(`always_add_domain')\nFEATURE(`use_cw_file')\nFEATURE(`use_ct_file')\nFEATURE(`blocklist_recipients')\nEXPOSED_USER(`root')\nFEATURE(`accept_unresolvable_domains')\nQUEUE_GROUP(`q', `P=/var/q')\nMODIFY_MAILER_FLAGS(`LOCAL', `+e')\n")]
    public void A_site_is_octet_for_octet_what_GNU_m4_makes(string lines)
    {
        SkipWhatIsMissing();
        string text = $"include(`{Library}/m4/cf.m4')dnl\nVERSIONID(`test')\nOSTYPE(`linux')\nDOMAIN(`generic')\n{lines}MAILER(`local')\nMAILER(`smtp')\nMAILER(`procmail')\n"
            + "LOCAL_CONFIG\nKx regex -a@M ^x$\nLOCAL_RULE_0\nR$+ < @ x. >\t$#error $: gone\nLOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t$: $1\nLOCAL_SRV_FEATURES\nR$*\t$# A\n";
        File.WriteAllText(Path.Combine(_directory, "site.mc"), text, Encoding.Latin1);
        Compare(text, _directory);
    }

    [Fact]
    public void The_head_says_who_built_it_without_running_anything()
    {
        SkipWhatIsMissing();
        McResult result = McCompiler.Compile("OSTYPE(`linux')\n", "site.mc", new McCompileOptions
        {
            Library = McLibrary.Installed(Library + "/m4/cf.m4"),
            Builder = ("root", "mx.example.com", "Sat Nov 21 02:13:23 UTC 2026", "/etc/mail"),
        });
        Assert.Contains($"##### built by root@mx.example.com on Sat Nov 21 02:13:23 UTC 2026\n##### in /etc/mail\n##### using {Library}/ as configuration include directory\n", result.CfText, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_command_is_refused_with_the_installed_library_too()
    {
        SkipWhatIsMissing();
        McResult result = McCompiler.Compile("OSTYPE(`linux')\nsyscmd(`touch /tmp/x')\nsyscmd(`rm -f /etc/passwd')\n", "site.mc", new McCompileOptions { Library = McLibrary.Installed(Library) });
        Assert.Equal(
            "site.mc(2): shell command refused: `touch /tmp/x' (in `syscmd')\nsite.mc(3): shell command refused: `rm -f /etc/passwd' (in `syscmd')",
            string.Join('\n', result.Diagnostics));
    }

    private static void SkipWhatIsMissing()
    {
        Assert.SkipUnless(GnuM4.IsHere, "needs /usr/bin/m4 (package m4)");
        Assert.SkipUnless(File.Exists(Library + "/m4/cf.m4"), "needs the package sendmail-cf, or SENDMAIL_CF set to its directory usr/share/sendmail/cf");
    }

    private void Compare(string text, string place)
    {
        string file = Path.Combine(_directory, "site.mc");
        bool includes = text.Contains("cf.m4", StringComparison.Ordinal) && text.Contains("include(", StringComparison.Ordinal);
        (string theirs, string errors, _) = includes ? GnuM4.Run(place, file) : GnuM4.Run(place, Library + "/m4/cf.m4", file);
        McResult ours = McCompiler.Compile(text, file, new McCompileOptions { Library = McLibrary.Installed(Library), BaseDirectory = place });
        string told = string.Join("\n", ours.Diagnostics);

        Assert.Equal(Comparable(theirs), Comparable(ours.CfText));
        // What is an error there is one here, and nothing else is.
        bool failed = new[] { "ERROR", "cannot open", "bad expression" }.Any(word => errors.Contains(word, StringComparison.Ordinal));
        Assert.True(failed == !ours.Succeeded, $"GNU m4 said:\n{errors}\nours:\n{told}");

        CfDocument document = CfDocument.Parse(theirs, "sendmail.cf");
        Assert.Empty(document.Diagnostics);
        Assert.True(document.Rules.Count() > 100, "the stock rules are there");
        Assert.Equal(theirs, document.ToText());
        Assert.Equal(theirs.TrimEnd('\n'), string.Join('\n', document.Lines.Select(line => line.Raw)).TrimEnd('\n'));
    }

    private static string Comparable(string cf) => string.Join('\n', cf.Split('\n').Where(line =>
        !line.StartsWith("##### built by ", StringComparison.Ordinal) && !line.StartsWith("##### in ", StringComparison.Ordinal)
        && !(line.StartsWith("##### using ", StringComparison.Ordinal) && line.EndsWith("as configuration include directory", StringComparison.Ordinal))));
}
