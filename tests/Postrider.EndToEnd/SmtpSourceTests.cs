using System.Globalization;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>Postfix's smtp-source: a hundred sessions at once, and nothing is lost.</summary>
public sealed class SmtpSourceTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    [Fact]
    public async Task Ten_thousand_messages_of_a_hundred_sessions_all_arrive()
    {
        string source = PostfixPeer.Program("smtp-source");
        Command run = await Command.RunAsync(source,
            ["-s", "100", "-m", "10000", "-l", "4096", "-f", "s@example.net", "-t", "bob@example.com", "127.0.0.1:" + shared.Site.Port.ToString(CultureInfo.InvariantCulture)],
            "", TimeSpan.FromMinutes(5), PostfixPeer.Environment);
        Assert.True(run.ExitCode == 0, run.ToString());
        bool all = await Patiently.UntilAsync(() => shared.Site.Mailbox("bob").Length >= 10_000, seconds: 300);
        Assert.True(all, $"{shared.Site.Mailbox("bob").Length} of 10000 arrived");
        Assert.Equal(10_000, shared.Site.Mailbox("bob").Length);
    }
}
