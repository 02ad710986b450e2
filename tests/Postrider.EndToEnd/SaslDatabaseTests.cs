using System.Globalization;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>Users that saslpasswd2 made authenticate with clients that people have: GNU SASL, Python's smtplib, swaks.</summary>
public sealed class SaslDatabaseTests(SaslDaemon shared) : IClassFixture<SaslDaemon>
{
    private string Port => shared.Site.Port.ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Gsasl_authenticates_by(string mechanism)
    {
        Command run = await GsaslAsync(mechanism, shared.Site.SaslUser, shared.Site.Password);
        Assert.Contains("235 2.0.0 OK Authenticated", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    [InlineData("SCRAM-SHA-1")]
    public async Task Gsasl_with_a_wrong_password_fails_by(string mechanism)
    {
        Command wrong = await GsaslAsync(mechanism, shared.Site.SaslUser, "wrong");
        Assert.Contains("535 5.7.0 authentication failed", wrong.Output + wrong.Error, StringComparison.Ordinal);
        Command nobody = await GsaslAsync(mechanism, "nobody", shared.Site.Password);
        Assert.Contains("535 5.7.0 authentication failed", nobody.Output + nobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Smtplib_takes_CRAM_MD5_by_itself_and_may_relay_then()
    {
        Command.Require("python3");
        Command run = await Command.RunAsync("python3", "-c", $"""
            import smtplib
            with smtplib.SMTP('127.0.0.1', {Port}) as s:
                s.set_debuglevel(1)
                s.login('{shared.Site.SaslUser}', '{shared.Site.Password}')
                s.mail('alice@example.com')
                print(s.rcpt('someone@example.org'))
            """);
        run.MustSucceed();
        Assert.Contains("AUTH CRAM-MD5", run.Error, StringComparison.Ordinal);
        Assert.Contains("(250, b'2.1.5 <someone@example.org>... Recipient ok')", run.Output, StringComparison.Ordinal);
        Assert.Contains($"authid={shared.Site.SaslUser}, mech=CRAM-MD5, bits=0", shared.Daemon.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Swaks_delivers_after_authenticating_by(string mechanism)
    {
        Command run = await SwaksAsync(mechanism, shared.Site.Password);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains(" with ESMTPA id ", await shared.MessageAsync("bob", "Subject: by " + mechanism), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    public async Task Swaks_with_a_wrong_password_is_answered_535_by(string mechanism)
    {
        Command run = await SwaksAsync(mechanism, "wrong");
        Assert.Equal(28, run.ExitCode);
        Assert.Contains("535 5.7.0 authentication failed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_password_is_in_the_log() => Assert.DoesNotContain(shared.Site.Password, shared.Daemon.Log, StringComparison.Ordinal);

    private Task<Command> SwaksAsync(string mechanism, string password)
    {
        Command.Require("swaks");
        return Command.RunAsync("swaks", "--server", "127.0.0.1", "--port", Port, "--auth", mechanism, "--auth-user", shared.Site.SaslUser, "--auth-password", password,
            "--auth-extra", $"realm={TestSite.HostName},dmd5-serv-type=smtp", "--to", "bob@example.com", "--from", "s@example.net", "--header", "Subject: by " + mechanism);
    }

    private Task<Command> GsaslAsync(string mechanism, string user, string password)
    {
        Command.Require("gsasl");
        return Command.RunAsync("gsasl",
            ["--client", "--smtp", "--connect=127.0.0.1:" + Port, "--no-starttls", "--mechanism=" + mechanism, "--authentication-id=" + user, "--password=" + password,
             "--realm=" + TestSite.HostName, "--service=smtp", "--hostname=" + TestSite.HostName, "--quality-of-protection=qop-auth", "--no-cb"],
            "", TimeSpan.FromSeconds(30));
    }
}
