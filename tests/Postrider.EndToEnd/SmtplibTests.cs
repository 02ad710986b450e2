using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>Python's smtplib: the client in a thousand scripts.</summary>
public sealed class SmtplibTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    [Fact]
    public async Task Several_messages_go_over_one_connection()
    {
        await PythonAsync($"""
            import smtplib
            with smtplib.SMTP('127.0.0.1', {shared.Site.Port}) as s:
                for n in range(20):
                    s.sendmail('s@example.net', ['alice@example.com', 'bob@example.com'], 'Subject: smtplib %d\r\n\r\n.leading dot\r\n..two\r\n' % n)
            """);
        string message = await shared.MessageAsync("alice", "Subject: smtplib 19\n");
        Assert.EndsWith("\n\n.leading dot\n..two\n", message, StringComparison.Ordinal);
        await shared.MessageAsync("bob", "Subject: smtplib 7\n");
    }

    [Fact]
    public async Task Login_after_starttls_with_verified_certificate()
    {
        await PythonAsync($"""
            import smtplib, ssl
            context = ssl.create_default_context(cafile='{shared.Site.Authority.CaFile}')
            with smtplib.SMTP('localhost', {shared.Site.SubmissionPort}) as s:
                s.starttls(context=context)
                s.login('{shared.Site.UserName}', '{shared.Site.Password}')
                s.sendmail('alice@example.com', ['bob@example.com'], 'Subject: verified\r\n\r\nhi\r\n')
            """);
        Assert.Contains("with ESMTPSA", await shared.MessageAsync("bob", "Subject: verified"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_in_clear_is_not_possible()
    {
        Command run = await RunAsync($"""
            import smtplib
            with smtplib.SMTP('127.0.0.1', {shared.Site.SubmissionPort}) as s:
                s.login('{shared.Site.UserName}', '{shared.Site.Password}')
            """);
        Assert.Contains("No suitable authentication method found", run.Error, StringComparison.Ordinal);
    }

    private static async Task PythonAsync(string script) => (await RunAsync(script)).MustSucceed();

    private static Task<Command> RunAsync(string script)
    {
        Command.Require("python3");
        return Command.RunAsync("python3", "-c", script);
    }
}
