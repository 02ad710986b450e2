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
}
