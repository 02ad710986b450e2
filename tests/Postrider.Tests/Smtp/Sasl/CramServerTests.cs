using System.Text;
using Postrider.Smtp.Sasl;
using Postrider.Testing;

namespace Postrider.Tests.Smtp.Sasl;

/// <summary>CRAM-MD5: RFC 2195's own example, and what a client answered a real sendmail 8.17 (oracle 30 and 31).</summary>
public sealed class CramServerTests
{
    private readonly TestSecrets store = new("mx.oracle.test", ("alice", "mx.oracle.test", "wonderland"), ("bob", "other.realm", "builder"), ("empty", "mx.oracle.test", ""), ("a b", "mx.oracle.test", "wonderland"));

    [Fact]
    public async Task The_example_of_RFC_2195_is_taken()
    {
        TestSecrets example = new("postoffice.reston.mci.net", ("tim", "postoffice.reston.mci.net", "tanstaaftanstaaf"));
        (SaslStep challenge, SaslStep step) = await Run(example, "1896.697170952", "tim b913a602c7eda7a495b4e6e7334d3890");
        Assert.Equal("<1896.697170952@postoffice.reston.mci.net>", Encoding.ASCII.GetString(challenge.Data.Span));
        Assert.Equal((SaslOutcome.Success, "tim", "tim"), (step.Outcome, step.AuthenticationId, step.AuthorizationId));
    }

    [Theory]
    [InlineData("3403498410.54699", "alice@mx.oracle.test 0e4999cc1185c38b8157622baeaf8604", "alice@mx.oracle.test")]
    [InlineData("3463976226.54699", "alice 8dad160d61b3378c6c6d9bff75769edd", "alice")]
    [InlineData("3463976226.54699", "alice 8DAD160D61B3378C6C6D9BFF75769EDD", "alice")]
    public async Task What_sendmail_took_is_taken(string unique, string response, string user)
    {
        (_, SaslStep step) = await Run(store, unique, response);
        Assert.Equal((SaslOutcome.Success, user), (step.Outcome, step.AuthenticationId));
    }

    [Theory]
    [InlineData("alice bba8f12155f16fac4d26284a2ad63f06", "authentication failure (-13) SASL(-13): authentication failure: incorrect digest response", "alice")] // oracle 31
    [InlineData("nosuch bba8f12155f16fac4d26284a2ad63f06", "user not found (-20) SASL(-13): user not found: no secret in database", "nosuch")]
    [InlineData("ALICE 8dad160d61b3378c6c6d9bff75769edd", "user not found (-20) SASL(-13): user not found: no secret in database", "ALICE")]
    [InlineData("alice@MX.oracle.test 8dad160d61b3378c6c6d9bff75769edd", "user not found (-20) SASL(-13): user not found: no secret in database", "alice@MX.oracle.test")]
    [InlineData("bob 8dad160d61b3378c6c6d9bff75769edd", "user not found (-20) SASL(-13): user not found: no secret in database", "bob")]
    [InlineData("alice 8dad160d61b3378c6c6d9bff75769ed", "authentication failure (-13) SASL(-13): authentication failure: incorrect digest response", "alice")]
    [InlineData("alice 8dad160d61b3378c6c6d9bff75769edx", "authentication failure (-13) SASL(-13): authentication failure: incorrect digest response", "alice")]
    [InlineData("alice", "bad protocol / cancel (-5) SASL(-5): bad protocol / cancel: need authentication name", null)]
    [InlineData(" 8dad160d61b3378c6c6d9bff75769edd", "bad protocol / cancel (-5) SASL(-5): bad protocol / cancel: need authentication name", null)]
    [InlineData("", "bad protocol / cancel (-5) SASL(-5): bad protocol / cancel: need authentication name", null)]
    public async Task Anything_else_is_refused_and_the_log_says_why(string response, string reason, string? user)
    {
        (_, SaslStep step) = await Run(store, "3463976226.54699", response);
        Assert.Equal((SaslOutcome.Failure, reason, user), (step.Outcome, step.Reason, step.AuthenticationId));
    }

    [Fact]
    public async Task A_user_with_an_empty_password_never_gets_in()
    {
        byte[] digest = System.Security.Cryptography.HMACMD5.HashData([], "<1.1@mx.oracle.test>"u8);
        (_, SaslStep step) = await Run(store, "1.1", "empty " + Convert.ToHexStringLower(digest));
        Assert.Equal(SaslOutcome.Failure, step.Outcome);
    }

    [Fact]
    public async Task A_name_may_hold_blanks()
    {
        byte[] digest = System.Security.Cryptography.HMACMD5.HashData("wonderland"u8, "<1.1@mx.oracle.test>"u8);
        (_, SaslStep step) = await Run(store, "1.1", "a b " + Convert.ToHexStringLower(digest));
        Assert.Equal((SaslOutcome.Success, "a b"), (step.Outcome, step.AuthenticationId));
    }

    [Fact]
    public async Task A_store_that_cannot_answer_is_a_temporary_failure()
    {
        store.IsDown = true;
        (_, SaslStep step) = await Run(store, "1.1", "alice 8dad160d61b3378c6c6d9bff75769edd");
        Assert.Equal((SaslOutcome.TemporaryFailure, "generic failure (-1) SASL(-1): generic failure: users: cannot be read"), (step.Outcome, step.Reason));
    }

    [Fact]
    public void No_challenge_is_sent_twice()
    {
        ManualTimeProvider time = new();
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => CramServer.Unique(time)).Distinct(StringComparer.Ordinal).Count());
    }

    private static async Task<(SaslStep Challenge, SaslStep Step)> Run(TestSecrets store, string unique, string response)
    {
        using CramServer exchange = new(store, new SaslAuthorization(null), unique);
        SaslStep challenge = await exchange.NextAsync(null, TestContext.Current.CancellationToken);
        return (challenge, await exchange.NextAsync(TestCredentials.Octets(response), TestContext.Current.CancellationToken));
    }
}
