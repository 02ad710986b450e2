using System.Text;
using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Smtp.Sasl;

public sealed class ScramServerTests
{
    private const string ClientNonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ClientFinal = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private readonly TestCredentials store = new();

    [Fact]
    public async Task Exchange_of_RFC_7677_succeeds_with_its_server_signature()
    {
        using ScramServer server = Exchange();
        SaslStep first = await Say(server, "n,,n=user,r=" + ClientNonce);
        Assert.Equal(SaslOutcome.Challenge, first.Outcome);
        Assert.Equal(ServerFirst, Encoding.ASCII.GetString(first.Data.Span));
        SaslStep final = await Say(server, ClientFinal);
        Assert.True(final.Outcome == SaslOutcome.Success, final.Reason);
        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Encoding.ASCII.GetString(final.Data.Span));
        Assert.Equal("user", final.AuthenticationId);
        Assert.Equal("user", final.AuthorizationId);
    }

    [Fact]
    public async Task Without_initial_response_the_server_asks_with_an_empty_challenge()
    {
        using ScramServer server = Exchange();
        SaslStep asked = await server.NextAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(SaslOutcome.Challenge, asked.Outcome);
        Assert.True(asked.Data.IsEmpty);
        Assert.Equal(SaslOutcome.Challenge, (await Say(server, "n,,n=user,r=" + ClientNonce)).Outcome);
        Assert.Equal(SaslOutcome.Success, (await Say(server, ClientFinal)).Outcome);
    }

    [Theory]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")] // one bit of the proof
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")] // half the nonce
    [InlineData("c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")] // another GS2 header than said before
    [InlineData("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")] // order
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")] // no proof
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzb")]
    [InlineData("")]
    [InlineData("p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    public async Task Altered_client_final_message_fails(string message)
    {
        using ScramServer server = Exchange();
        await Say(server, "n,,n=user,r=" + ClientNonce);
        Assert.Equal(SaslOutcome.Failure, (await Say(server, message)).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,")]
    [InlineData("n,,")]
    [InlineData("n,,n=user")]
    [InlineData("n,,r=abc,n=user")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,n=user,r=")]
    [InlineData("n,,n=us=er,r=abc")] // RFC 5802 §5.1: "=" not followed by 2C or 3D
    [InlineData("n,,n=user=2,r=abc")]
    [InlineData("n,,m=x,n=user,r=abc")] // RFC 5802 §5.1: mandatory extension
    [InlineData("n,user,n=user,r=abc")] // authzid without a=
    [InlineData("x,,n=user,r=abc")]
    [InlineData("p=tls-unique,,n=user,r=abc")]
    [InlineData("p=tls-server-end-point,,n=user,r=abc")] // binding under the name without -PLUS
    [InlineData("n,,n=us\u0007er,r=abc")]
    [InlineData("n,,n=user,r=a b")]
    public async Task Malformed_client_first_message_fails(string message)
    {
        using ScramServer server = Exchange();
        Assert.Equal(SaslOutcome.Failure, (await Say(server, message)).Outcome);
        Assert.Equal(SaslOutcome.Failure, (await Say(server, ClientFinal)).Outcome);
    }

    [Fact]
    public async Task Exchange_that_is_over_stays_over()
    {
        using ScramServer server = Exchange();
        await Say(server, "n,,n=user,r=" + ClientNonce);
        Assert.Equal(SaslOutcome.Success, (await Say(server, ClientFinal)).Outcome);
        Assert.Equal(SaslOutcome.Failure, (await Say(server, ClientFinal)).Outcome);
        Assert.Equal(SaslOutcome.Failure, (await Say(server, "n,,n=user,r=" + ClientNonce)).Outcome);
    }

    [Fact]
    public async Task Unknown_user_gets_the_same_salt_each_time_and_fails_at_the_end()
    {
        using ScramServer one = Exchange();
        using ScramServer two = Exchange();
        using ScramServer other = Exchange();
        string first = Encoding.ASCII.GetString((await Say(one, "n,,n=nobody,r=abc")).Data.Span);
        Assert.Equal(first, Encoding.ASCII.GetString((await Say(two, "n,,n=nobody,r=abc")).Data.Span));
        Assert.False(string.Equals(first, Encoding.ASCII.GetString((await Say(other, "n,,n=nobody2,r=abc")).Data.Span), StringComparison.Ordinal), first);
        Assert.EndsWith(",i=4096", first, StringComparison.Ordinal);
        Assert.Equal(ServerFirst.Split(',')[1].Length, first.Split(',')[1].Length);
        SaslStep final = await Say(one, $"c=biws,r=abc{ServerNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        Assert.Equal(SaslOutcome.Failure, final.Outcome);
    }

    [Theory]
    [InlineData(false, SaslOutcome.Challenge)]
    [InlineData(true, SaslOutcome.Failure)] // RFC 5802 §6: -PLUS was offered, and somebody took it out of the list
    public async Task Client_that_believes_we_cannot_bind_fails_when_binding_is_offered(bool plusOffered, SaslOutcome outcome)
    {
        using ScramServer server = Exchange(plusOffered: plusOffered);
        Assert.Equal(outcome, (await Say(server, "y,,n=user,r=abc")).Outcome);
    }

    [Fact]
    public async Task Another_authorization_identity_fails_unless_allowed()
    {
        foreach ((string wanted, bool allow, SaslOutcome outcome) in new[] { ("user", false, SaslOutcome.Success), ("root", false, SaslOutcome.Failure), ("root", true, SaslOutcome.Success) })
        {
            SaslServer sasl = store.Server(new SaslServerSettings { MayActAs = allow ? (_, _) => true : null });
            using ISaslServerExchange server = sasl.Begin("SCRAM-SHA-256", TestCredentials.Tls)!;
            SaslStep step = await ScramPeer.RunAsync(server, "user", "pencil", wanted);
            Assert.Equal(outcome, step.Outcome);
            if (outcome == SaslOutcome.Success) Assert.Equal(wanted, step.AuthorizationId);
        }
    }

    [Theory]
    [InlineData("the hash of a certificate       ", SaslOutcome.Success)]
    [InlineData("the hash of another certificate ", SaslOutcome.Failure)] // a relay in the middle
    public async Task Channel_binding_must_be_that_of_our_certificate(string seen, SaslOutcome outcome)
    {
        SaslServer sasl = store.Server(new SaslServerSettings { Mechanisms = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"] });
        Assert.Equal(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], sasl.MechanismsFor(TestCredentials.Tls));
        using ISaslServerExchange server = sasl.Begin("SCRAM-SHA-256-PLUS", TestCredentials.Tls)!;
        Assert.Equal(outcome, (await ScramPeer.RunAsync(server, "user", "pencil", binding: Encoding.ASCII.GetBytes(seen))).Outcome);
    }

    [Fact]
    public async Task Store_that_does_not_answer_is_a_temporary_failure()
    {
        store.IsDown = true;
        using ScramServer server = Exchange();
        SaslStep step = await Say(server, "n,,n=user,r=abc");
        Assert.Equal(SaslOutcome.TemporaryFailure, step.Outcome);
        Assert.Contains("users", step.Reason, StringComparison.Ordinal);
        Assert.Equal(SaslOutcome.Failure, (await Say(server, "n,,n=user,r=abc")).Outcome);
    }

    private static ValueTask<SaslStep> Say(ISaslServerExchange server, string message) =>
        server.NextAsync(TestCredentials.Octets(message), TestContext.Current.CancellationToken);

    private ScramServer Exchange(bool plusOffered = false) => new("SCRAM-SHA-256", store, new SaslAuthorization(null), plus: false, plusOffered, default, ServerNonce);
}
