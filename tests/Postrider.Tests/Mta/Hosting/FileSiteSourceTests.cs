using Postrider.Mta.Hosting;

namespace Postrider.Tests.Mta.Hosting;

public sealed class FileSiteSourceTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("postrider-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Every_mistake_of_an_mc_is_told_at_once_with_its_line_in_the_mc()
    {
        string path = Path.Combine(directory, "site.mc");
        File.WriteAllText(path, """
            divert(-1)
            # prose
            divert(0)dnl
            include(`cf.m4')dnl
            OSTYPE(`linux')dnl
            define(`confDOMAIN_NAME', `mx.example.com')dnl
            FEATURE(`no_default_msa')dnl
            FEATURE(`dnsbl', `bl.example.org')dnl
            define(`confCRL', `/etc/mail/crl.pem')dnl
            define(`confMAX_MESAGE_SIZE', `100')dnl
            define(`confMAX_MESSAGE_SIZE', `1x0')dnl
            MAILER(`smtp')dnl
            LOCAL_RULESETS
            SLocal_check_mail
            R$*	$@ $2

            """);
        SiteReading reading = new FileSiteSource(path, []).Read();
        Assert.Null(reading.Configuration);
        Assert.Equal(
            [
                $"{path}(10): unknown name `confMAX_MESAGE_SIZE' (did you mean `confMAX_MESSAGE_SIZE'?)",
                $"{path}(11): confMAX_MESSAGE_SIZE: option MaxMessageSize: `1x0' is not a number",
                $"{path}(8): FEATURE(`dnsbl') is not served yet",
                $"{path}(9): option CRLFile is not served yet, and without it revoked certificates would be taken (take the line out if that is right)",
            ],
            reading.Diagnostics.Where(static line => !line.Contains("warning:", StringComparison.Ordinal) && !line.Contains("$2", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.Contains(reading.Diagnostics, static line => line.Contains("replacement $2 out of bounds", StringComparison.Ordinal));
    }

    [Fact]
    public void Warning_is_told_once()
    {
        string path = Path.Combine(directory, "site.mc");
        File.WriteAllText(path, "OSTYPE(`linux')dnl\ndefine(`confDOMAIN_NAME', `mx.example.com')dnl\nDAEMON_OPTIONS(`Name=MSA, Port=587, M=Ez')dnl\nMAILER(`smtp')dnl\n");
        Assert.Single(new FileSiteSource(path, []).Read().Diagnostics, static said => said.Contains("modifier `z'", StringComparison.Ordinal));
    }

    [Fact]
    public void Mistake_in_a_cf_keeps_its_line()
    {
        string path = Path.Combine(directory, "site.cf");
        File.WriteAllText(path, "V10/Postrider\nDjmx.example.com\nO Bogus=1\n");
        Assert.Contains($"{path}(3): ", string.Join('\n', new FileSiteSource(path, []).Read().Diagnostics), StringComparison.Ordinal);
    }

    // sendmail 8.17, asked with each of these files.
    [Theory]
    [InlineData("", 78, "Warning: .cf file is out of date: sendmail 8.17.1.9 supports version 10, .cf file is version 0|No local mailer defined|QueueDirectory (Q) option must be set")]
    [InlineData("a\n", 78, "#: line 1: unknown configuration line \"a\"|Warning: .cf file is out of date: sendmail 8.17.1.9 supports version 10, .cf file is version 0|No local mailer defined|QueueDirectory (Q) option must be set")]
    [InlineData("V10/Berkeley\nO QueueDirectory=/q\n", 70, "No local mailer defined")]
    [InlineData(Minimal + "garbage\nZ\nO Bogus=1\nMbad\nFX/nofile\nKfoo bogus x\n", 70, "#: line 7: unknown configuration line \"garbage\"|#: line 8: unknown configuration line \"Z\"|#: line 9: readcf: unknown option name Bogus|#: line 10: Mbad: A= argument required|#: line 11: fileclass: cannot open '/nofile': No such file or directory|#: line 12: readcf: map foo: class bogus not available")]
    [InlineData(Minimal + "FX/nofile\ngarbage\n", 71, "#: line 7: fileclass: cannot open '/nofile': No such file or directory|#: line 8: unknown configuration line \"garbage\"")]
    [InlineData(Minimal + "garbage\nFX/nofile\n", 70, "#: line 7: unknown configuration line \"garbage\"|#: line 8: fileclass: cannot open '/nofile': No such file or directory")]
    [InlineData(Minimal + "garbage\nO DeliveryMode=x\nZ\n", 64, "#: line 7: unknown configuration line \"garbage\"|#: line 8: Unknown delivery mode x")]
    [InlineData(Minimal + "Sq\nR$*\t$2\nZ\n", 70, "#: line 8: replacement $2 out of bounds|#: line 9: unknown configuration line \"Z\"")]
    [InlineData(Minimal + "O DefaultUser=nosuchuser\n", 70, "#: line 7: readcf: option u: unknown user nosuchuser")]
    [InlineData(Minimal + "O DefaultUser=root:nosuchgroup\n", 70, "#: line 7: readcf: option u: unknown group nosuchgroup")]
    [InlineData(Minimal + "O RunAsUser=nosuch\n", 70, "#: line 7: readcf: option RunAsUser: unknown user nosuch")]
    [InlineData(Minimal + "O TrustedUser=nosuch\n", 70, "#: line 7: readcf: option TrustedUser: unknown user nosuch")]
    [InlineData(Minimal + "Mfoo, P=/x, A=x, U=nosuch\n", 70, "#: line 7: readcf: mailer U= flag: unknown user nosuch")]
    [InlineData(Minimal + "O DaemonPortOptions=Port=bogusservice\n", 70, "#: line 7: service \"bogusservice\" unknown")]
    [InlineData(Minimal + "V11/Berkeley\n", 70, "Warning: .cf version level (11) exceeds sendmail version 8.17.1.9 functionality (10)")]
    public void Refused_file_is_told_in_the_words_and_with_the_status_of_sendmail(string text, int status, string told)
    {
        SiteReading reading = Read(text, out string path);
        Assert.Null(reading.Configuration);
        Assert.Equal(told.Replace("#", path, StringComparison.Ordinal), string.Join('|', reading.Sendmail.Lines));
        Assert.Equal((status, SysExit.Configuration), (reading.Sendmail.ExitStatus, reading.Exit));
    }

    [Fact]
    public void What_sendmail_takes_is_not_commented_in_its_name()
    {
        SiteReading reading = Read(Minimal + "O LogLevel=5x\nO Timeout.initial=5x\nS3\nR$*\t$@ $1\nS0\nR$*\t$#local $: $1\n", out string path);
        Assert.Equal([$"{path}: line 8: Invalid time unit `x'"], reading.Sendmail.Lines);
        Assert.Equal(0, reading.Sendmail.ExitStatus);
        Assert.Contains($"{path}(7): warning: option LogLevel: `5x' is not a number", reading.Diagnostics);
    }

    [Theory]
    [InlineData("/nowhere/site.cf", "/nowhere/site.cf: line 0: cannot open: No such file or directory")]
    [InlineData("/dev/null", "/dev/null: line 0: not a plain file")]
    [InlineData("/etc", "/etc: line 0: not a plain file")]
    public void File_that_cannot_be_opened_is_72(string path, string told)
    {
        SiteReading reading = new FileSiteSource(path, []).Read();
        Assert.Equal(told, Assert.Single(reading.Sendmail.Lines));
        Assert.Equal((72, SysExit.OsFile, told), (reading.Sendmail.ExitStatus, reading.Exit, Assert.Single(reading.Diagnostics)));
    }

    [Fact]
    public void Binary_junk_and_an_endless_include_end_in_a_message()
    {
        byte[] junk = new byte[1 << 20];
        new Random(7).NextBytes(junk);
        string cf = Path.Combine(directory, "junk.cf");
        File.WriteAllBytes(cf, junk);
        Assert.Null(new FileSiteSource(cf, []).Read().Configuration);
        string mc = Path.Combine(directory, "loop.mc");
        File.WriteAllText(mc, $"include(`{mc}')\n");
        SiteReading reading = new FileSiteSource(mc, []).Read();
        Assert.Null(reading.Configuration);
        Assert.Contains(reading.Diagnostics, static one => one.Contains("include", StringComparison.Ordinal));
    }

    [Fact]
    public void Slip_on_the_command_line_is_told_without_a_place()
    {
        string path = Path.Combine(directory, "site.cf");
        File.WriteAllText(path, Minimal);
        SiteReading reading = new FileSiteSource(path, ["O EightBitMode=x"]).Read();
        Assert.Equal(("Unknown 8-bit mode x", 64), (Assert.Single(reading.Sendmail.Lines), reading.Sendmail.ExitStatus));
    }

    private const string Minimal = "V10/Berkeley\nDjmx.oracle.test\nO QueueDirectory=/var/spool/mqueue\nMlocal, P=/bin/true, A=true\nMprog, P=/bin/sh, A=sh\nS0\n";

    private SiteReading Read(string text, out string path)
    {
        path = Path.Combine(directory, "site.cf");
        File.WriteAllText(path, text);
        return new FileSiteSource(path, []).Read();
    }
}
