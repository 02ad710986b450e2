using System.Globalization;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>GNU SASL's own client authenticates against ours: an independent implementation of every mechanism.</summary>
public sealed class GsaslTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    [Theory]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Authenticates_by(string mechanism)
    {
        Command run = await GsaslAsync(mechanism, shared.Site.Password);
        Assert.Contains("235 2.0.0 OK Authenticated", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("PLAIN")]
    public async Task Wrong_password_fails_by(string mechanism)
    {
        Command run = await GsaslAsync(mechanism, "wrong");
        Assert.Contains("535 5.7.0 authentication failed", run.Output + run.Error, StringComparison.Ordinal);
    }

    private Task<Command> GsaslAsync(string mechanism, string password)
    {
        Command.Require("gsasl");
        return Command.RunAsync("gsasl",
            ["--client", "--smtp", "--connect=127.0.0.1:" + shared.Site.SubmissionPort.ToString(CultureInfo.InvariantCulture), "--starttls", "--x509-ca-file=" + shared.Site.Authority.CaFile,
             "--mechanism=" + mechanism, "--authentication-id=" + shared.Site.UserName, "--password=" + password, "--no-cb"],
            "", TimeSpan.FromSeconds(30));
    }
}
