using System.Collections.Immutable;
using Postrider.Mta.Hosting;

namespace Postrider.Tests.Mta.Hosting;

public sealed class SiteInspectionTests : IDisposable
{
    private const string Head = """
        include(`cf.m4')dnl
        OSTYPE(`linux')dnl
        define(`confDOMAIN_NAME', `mx.example.org')dnl

        """;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("postrider-site-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Every_file_that_is_missing_is_named_once()
    {
        string file = Write(Head + $"""
            define(`confCACERT_PATH', `{In("certs")}')dnl
            define(`confCACERT', `{In("certs/ca.crt")}')dnl
            define(`confSERVER_CERT', `{In("certs/mx.crt")}')dnl
            define(`confSERVER_KEY', `{In("certs/mx.key")}')dnl
            define(`QUEUE_DIR', `{In("queue")}')dnl
            define(`confRUN_AS_USER', `nobody')dnl
            FEATURE(`user_store', `{In("users")}')dnl
            FEATURE(`virtual_mailboxes', `text:{Write("bob\tbob\n", "mailboxes")}', `{In("mail")}')dnl
            MAILER(`smtp')dnl

            """);
        SiteReading reading = new FileSiteSource(file, []).Read();
        Assert.True(reading.Configuration is not null, string.Join('\n', reading.Diagnostics));

        ImmutableArray<string> found = SiteInspection.Inspect(reading.Configuration, file, TimeProvider.System, out bool starts);

        Assert.True(starts, string.Join('\n', found));
        foreach (string missing in (ReadOnlySpan<string>)["certs/ca.crt", "certs/mx.crt", "users", "mail"])
        {
            Assert.True(found.Count(said => said.StartsWith(In(missing) + ":", StringComparison.Ordinal)) == 1, $"{missing} is not named once in:\n{string.Join('\n', found)}");
        }
    }

    private string In(string name) => Path.Combine(directory.FullName, name);

    private string Write(string text, string name = "sendmail.mc")
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }
}
