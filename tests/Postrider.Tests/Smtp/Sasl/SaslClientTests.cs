using System.Text;
using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Smtp.Sasl;

public sealed class SaslClientTests
{
    private readonly TestCredentials store = new();

    [Fact]
    public void Exchange_of_RFC_7677_is_spoken_octet_by_octet()
    {
        using ScramClient client = new(new SaslCredentials("user", "pencil"), "rOprNGfwEbeRWgbNEkqO", "n", binding: null);
        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", Text(client.InitialResponse()));
        Assert.Equal("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            Text(client.Respond("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"u8)));
        Assert.False(client.MayComplete, "a 235 without the server's signature must not be believed");
        Assert.Equal("", Text(client.Respond("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="u8)));
        Assert.True(client.MayComplete);
    }

    [Theory]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")] // nothing added to our nonce
    [InlineData("r=other%hvYDpWUa2RaTCAfuxFIlj,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")] // RFC 7677 §4
    [InlineData("r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOabc,s=,i=4096")]
    [InlineData("m=x,r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("")]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    public void Server_first_message_that_is_wrong_is_cancelled(string message)
    {
        using ScramClient client = new(new SaslCredentials("user", "pencil"), "rOprNGfwEbeRWgbNEkqO", "n", binding: null);
        client.InitialResponse();
        Assert.Null(client.Respond(Encoding.ASCII.GetBytes(message)));
        Assert.False(client.MayComplete);
    }

    [Theory]
    [InlineData("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    [InlineData("e=other-error")]
    [InlineData("")]
    public void Server_that_does_not_know_the_password_is_cancelled(string message)
    {
        using ScramClient client = new(new SaslCredentials("user", "pencil"), "rOprNGfwEbeRWgbNEkqO", "n", binding: null);
        client.InitialResponse();
        Assert.NotNull(client.Respond("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"u8));
        Assert.Null(client.Respond(Encoding.ASCII.GetBytes(message)));
        Assert.False(client.MayComplete);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    public async Task Each_mechanism_logs_in_at_our_server_and_fails_with_a_wrong_password(string mechanism)
    {
        string[] all = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "LOGIN", "PLAIN"];
        SaslServer server = store.Server(new SaslServerSettings { Mechanisms = [.. all] });
        foreach ((string password, SaslOutcome outcome) in new[] { ("pencil", SaslOutcome.Success), ("wrong", SaslOutcome.Failure) })
        {
            foreach (bool initial in new[] { true, false })
            {
                using ISaslClientExchange client = SaslClient.Begin(mechanism, new SaslCredentials("user", password), all, TestCredentials.Tls)!;
                using ISaslServerExchange exchange = server.Begin(mechanism, TestCredentials.Tls)!;
                SaslStep step = await exchange.NextAsync(initial && client.InitialResponse() is { } first ? first : default(ReadOnlyMemory<byte>?), TestContext.Current.CancellationToken);
                while (step.Outcome == SaslOutcome.Challenge)
                {
                    byte[]? answer = client.Respond(step.Data.Span);
                    Assert.NotNull(answer);
                    step = await exchange.NextAsync(answer, TestContext.Current.CancellationToken);
                }

                Assert.Equal(outcome, step.Outcome);
                if (outcome == SaslOutcome.Success && !step.Data.IsEmpty) Assert.Empty(client.Respond(step.Data.Span)!);
                Assert.Equal(outcome == SaslOutcome.Success || !mechanism.StartsWith("SCRAM", StringComparison.Ordinal), client.MayComplete);
            }
        }
    }

    [Fact]
    public void Strongest_is_tried_first_and_passwords_only_under_TLS()
    {
        string[] offered = ["plain", "DIGEST-MD5", "LOGIN", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"];
        Assert.Equal(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"], SaslClient.Choose(offered, [], TestCredentials.Tls));
        Assert.Equal(["SCRAM-SHA-256"], SaslClient.Choose(offered, [], null));
        Assert.Equal(["SCRAM-SHA-256", "PLAIN", "LOGIN"], SaslClient.Choose(offered, [], null, plainInClear: true));
        Assert.Equal(["LOGIN"], SaslClient.Choose(offered, ["LOGIN", "CRAM-MD5"], TestCredentials.Tls));
        Assert.Empty(SaslClient.Choose(["GSSAPI"], [], TestCredentials.Tls));
    }

    [Theory]
    [InlineData("SCRAM-SHA-256", true, "y,,")] // RFC 5802 §6: we could bind, the server did not offer it
    [InlineData("SCRAM-SHA-256 SCRAM-SHA-256-PLUS", true, "n,,")]
    [InlineData("SCRAM-SHA-256", false, "n,,")]
    public void Server_is_told_what_we_saw(string offered, bool tls, string header)
    {
        using ISaslClientExchange client = SaslClient.Begin("SCRAM-SHA-256", new SaslCredentials("us=e,r", "pencil"), offered.Split(' '), tls ? TestCredentials.Tls : null)!;
        Assert.StartsWith(header + "n=us=3De=2Cr,r=", Text(client.InitialResponse()), StringComparison.Ordinal);
    }

    [Fact]
    public void Password_is_not_in_what_credentials_print() =>
        Assert.DoesNotContain("pencil", new SaslCredentials("user", "pencil").ToString(), StringComparison.Ordinal);

    private static string? Text(byte[]? octets) => octets is null ? null : Encoding.UTF8.GetString(octets);
}
