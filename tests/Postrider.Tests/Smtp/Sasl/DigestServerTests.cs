using System.Security.Cryptography;
using System.Text;
using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Smtp.Sasl;

/// <summary>DIGEST-MD5: RFC 2831's own example, what a client answered a real sendmail 8.17 and what that said (oracle 30 and 32), and a client written straight from the RFC.</summary>
public sealed class DigestServerTests
{
    private const string Head = "username=\"alice\",realm=\"mx.oracle.test\",";
    private const string Nonce = "E1PBOf2ZIjtSnTbKUbh29+ehJYZ0NcTCHoCwj7eIGsk=";
    private const string Rest = "cnonce=\"deadbeef\",nc=00000001,qop=auth,digest-uri=\"smtp/mx.oracle.test\",";
    private const string Taken = Head + "nonce=\"" + Nonce + "\"," + Rest + "response=a22000a5b9a2900c7ba06eff0f42ca4f";
    private const string Mismatch = "authentication failure (-13) SASL(-13): authentication failure: client response doesn't match what we generated";
    private const string Missing = "bad protocol / cancel (-5) SASL(-5): bad protocol / cancel: required parameters missing";

    private readonly TestSecrets store = new("mx.oracle.test", ("alice", "mx.oracle.test", "wonderland"), ("jörg", "mx.oracle.test", "pässwört"), ("łukasz", "mx.oracle.test", "zażółć"), ("empty", "mx.oracle.test", ""));

    [Fact]
    public async Task The_example_of_RFC_2831_is_taken_and_answered()
    {
        TestSecrets example = new("elwood.innosoft.com", ("chris", "elwood.innosoft.com", "secret"));
        SaslStep step = await Run(
            "charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",nc=00000001,cnonce=\"OA6MHXh6VqTrRk\",digest-uri=\"imap/elwood.innosoft.com\",response=d388dad90d4bbd760a152321f2143af7,qop=auth",
            "OA6MG9tEQGm2hh", example, "imap");
        Assert.Equal((SaslOutcome.Success, "chris"), (step.Outcome, step.AuthenticationId));
        Assert.Equal("rspauth=ea40f60335c427b5527b84dbabcdfffd", Encoding.ASCII.GetString(step.Data.Span));
    }

    [Fact]
    public async Task What_sendmail_took_is_taken_and_answered_as_there()
    {
        SaslStep step = await Run(Taken);
        Assert.Equal((SaslOutcome.Success, "alice", "alice"), (step.Outcome, step.AuthenticationId, step.AuthorizationId));
        Assert.Equal("rspauth=44133c32e3ca9d922ec5dc4eb3123ba2", Encoding.ASCII.GetString(step.Data.Span));
    }

    [Fact]
    public async Task An_empty_realm_is_the_default_one()
    {
        SaslStep step = await Run(
            "username=\"alice\",realm=\"\",nonce=\"nYrr3JgOGM6oZHs49EfW0NSQmmuFdONSnWYttrfb4YU=\",cnonce=\"deadbeef\",nc=00000001,qop=auth,digest-uri=\"smtp/mx.oracle.test\",response=f6ecdf3751992a47407477bd843b5476",
            "nYrr3JgOGM6oZHs49EfW0NSQmmuFdONSnWYttrfb4YU=");
        Assert.Equal((SaslOutcome.Success, "alice"), (step.Outcome, step.AuthenticationId));
        Assert.Equal("rspauth=74bb43e849beda9be293fdf3f0ef71c5", Encoding.ASCII.GetString(step.Data.Span));
    }

    [Fact]
    public async Task A_user_of_another_realm_is_named_with_it()
    {
        TestSecrets other = new("other.realm", ("alice", "mx.oracle.test", "wonderland"));
        SaslStep step = await Run(Head + "nonce=\"1mbD22B1vjoOUCRgYJ6HvZMN3TSs9HWyaJIWvD3PPOY=\"," + Rest + "response=4eb33dcefafa2be78959244caab2e590", "1mbD22B1vjoOUCRgYJ6HvZMN3TSs9HWyaJIWvD3PPOY=", other);
        Assert.Equal((SaslOutcome.Success, "alice@mx.oracle.test"), (step.Outcome, step.AuthenticationId));
    }

    [Theory]
    [InlineData("jörg", "pässwört")] // both fit into ISO 8859-1 and are hashed in it
    [InlineData("łukasz", "zażółć")] // neither does
    [InlineData("alice", "wonderland")]
    public async Task Names_and_passwords_in_UTF_8_are_hashed_as_the_RFC_says(string user, string password) =>
        Assert.Equal((SaslOutcome.Success, user), await Run(Client(user, password, "charset=utf-8,")) is var step ? (step.Outcome, step.AuthenticationId) : default);

    [Fact]
    public async Task Without_a_charset_names_are_ISO_8859_1()
    {
        byte[] message = Encoding.Latin1.GetBytes(Client("jörg", "pässwört", ""));
        Assert.Equal(SaslOutcome.Success, (await RunOctets(message)).Outcome);
    }

    [Fact]
    public async Task Acting_as_another_is_not_allowed_unless_the_site_says_so()
    {
        SaslStep step = await Run(Client("alice", "wonderland", "authzid=\"bob\",", authorizationId: "bob"));
        Assert.Equal((SaslOutcome.Failure, "may not act as another"), (step.Outcome, step.Reason));
        SaslStep self = await Run(Client("alice", "wonderland", "authzid=\"alice\",", authorizationId: "alice"));
        Assert.Equal(SaslOutcome.Success, self.Outcome);
    }

    [Theory]
    [InlineData("response=a22000a5b9a2900c7ba06eff0f42ca4f", "response=b22000a5b9a2900c7ba06eff0f42ca4f", Mismatch)]
    [InlineData("response=a22000a5b9a2900c7ba06eff0f42ca4f", "response=a2", Mismatch)]
    [InlineData("deadbeef", "deadbeee", Mismatch)]
    [InlineData("smtp/mx.oracle.test", "smtp/evil.test", Mismatch)]
    [InlineData("smtp/", "imap/", "authentication failure (-13) SASL(-13): authentication failure: digest-uri is not of this service")]
    [InlineData("E1PBOf2Z", "E1PBOf2Y", "authentication failure (-13) SASL(-13): authentication failure: nonce changed: authentication aborted")]
    [InlineData("nc=00000001", "nc=00000002", "authentication failure (-13) SASL(-13): authentication failure: incorrect nonce-count: authentication aborted")]
    [InlineData("nc=00000001,", "", "authentication failure (-13) SASL(-13): authentication failure: incorrect nonce-count: authentication aborted")]
    [InlineData("qop=auth", "qop=auth-conf", "authentication failure (-13) SASL(-13): authentication failure: protocol violation: client requested a layer that was not offered")]
    [InlineData("qop=auth", "qop=auth,charset=latin-9", "authentication failure (-13) SASL(-13): authentication failure: protocol violation: charset")]
    [InlineData("username=\"alice\"", "username=\"mallory\"", "user not found (-20) SASL(-13): user not found: no secret in database")]
    [InlineData("username=\"alice\"", "username=\"alice\",username=\"bob\"", Missing)]
    [InlineData("username=\"alice\",", "", Missing)]
    [InlineData("cnonce=\"deadbeef\",", "", Missing)]
    [InlineData("response=a22000a5b9a2900c7ba06eff0f42ca4f", "", Missing)]
    [InlineData("username=\"alice\"", "username=\"alice", Missing)]
    [InlineData("username=\"alice\"", "username=\"\"", Missing)]
    [InlineData("qop=auth", "qop", Missing)]
    [InlineData("qop=auth", "qop=auth;", Missing)]
    public async Task What_differs_in_anything_is_refused(string what, string by, string reason)
    {
        SaslStep step = await Run(Taken.Replace(what, by, StringComparison.Ordinal));
        Assert.Equal((SaslOutcome.Failure, reason), (step.Outcome, step.Reason));
        Assert.DoesNotContain("wonderland", step.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blanks_and_empty_elements_between_directives_are_passed_over() =>
        Assert.Equal(SaslOutcome.Success, (await Run(", " + Taken.Replace(",nc=", " ,\t, NC = ", StringComparison.Ordinal) + ",")).Outcome);

    [Fact]
    public async Task A_message_that_is_too_long_or_holds_a_NUL_is_refused()
    {
        Assert.Equal(Missing, (await Run(Taken + ",x=\"" + new string('a', 4096) + "\"")).Reason);
        Assert.Equal(Missing, (await Run(Taken + "\0")).Reason);
    }

    [Fact]
    public async Task An_empty_password_opens_nothing() => Assert.Equal(SaslOutcome.Failure, (await Run(Client("empty", "", ""))).Outcome);

    [Fact]
    public async Task A_response_is_good_for_one_exchange()
    {
        using DigestServer exchange = new(store, new SaslAuthorization(null), Nonce);
        await exchange.NextAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(SaslOutcome.Success, (await exchange.NextAsync(TestCredentials.Octets(Taken), TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(SaslOutcome.Failure, (await exchange.NextAsync(TestCredentials.Octets(Taken), TestContext.Current.CancellationToken)).Outcome);
        using DigestServer next = new(store, new SaslAuthorization(null), "another");
        await next.NextAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(SaslOutcome.Failure, (await next.NextAsync(TestCredentials.Octets(Taken), TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task Who_answers_before_being_asked_is_told_that_its_nonce_is_stale()
    {
        using DigestServer exchange = new(store, new SaslAuthorization(null), Nonce);
        SaslStep challenge = await exchange.NextAsync(TestCredentials.Octets(Taken.Replace(Nonce, "old", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        Assert.Equal(SaslOutcome.Challenge, challenge.Outcome);
        Assert.Equal($"nonce=\"{Nonce}\",realm=\"mx.oracle.test\",qop=\"auth\",stale=true,charset=utf-8,algorithm=md5-sess", Encoding.UTF8.GetString(challenge.Data.Span));
        Assert.Equal(SaslOutcome.Success, (await exchange.NextAsync(TestCredentials.Octets(Taken), TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task A_store_that_cannot_answer_is_a_temporary_failure()
    {
        store.IsDown = true;
        SaslStep step = await Run(Taken);
        Assert.Equal((SaslOutcome.TemporaryFailure, "generic failure (-1) SASL(-1): generic failure: users: cannot be read"), (step.Outcome, step.Reason));
    }

    /// <summary>RFC 2831 §2.1.2, from the client's side.</summary>
    private static string Client(string user, string password, string extra, string? authorizationId = null)
    {
        static byte[] Hashed(string text) => text.All(static c => c < 256) ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text);
        static string Hex(byte[] octets) => Convert.ToHexStringLower(octets);
        byte[] secret = MD5.HashData([.. Hashed(user), .. ":mx.oracle.test:"u8, .. Hashed(password)]);
        byte[] first = MD5.HashData([.. secret, .. Encoding.ASCII.GetBytes($":{Nonce}:deadbeef{(authorizationId is null ? "" : ":" + authorizationId)}")]);
        string second = Hex(MD5.HashData("AUTHENTICATE:smtp/mx.oracle.test"u8));
        string proof = Hex(MD5.HashData(Encoding.ASCII.GetBytes($"{Hex(first)}:{Nonce}:00000001:deadbeef:auth:{second}")));
        return $"{extra}username=\"{user}\",realm=\"mx.oracle.test\",nonce=\"{Nonce}\",{Rest}response={proof}";
    }

    private Task<SaslStep> Run(string message, string nonce = Nonce, TestSecrets? secrets = null, string service = "smtp") => RunOctets(Encoding.UTF8.GetBytes(message), nonce, secrets, service);

    private async Task<SaslStep> RunOctets(byte[] message, string nonce = Nonce, TestSecrets? secrets = null, string service = "smtp")
    {
        using DigestServer exchange = new(secrets ?? store, new SaslAuthorization(null), nonce, service);
        SaslStep challenge = await exchange.NextAsync(null, TestContext.Current.CancellationToken);
        Assert.StartsWith($"nonce=\"{nonce}\",realm=\"{(secrets ?? store).DefaultRealm}\",qop=\"auth\",charset=utf-8,", Encoding.UTF8.GetString(challenge.Data.Span), StringComparison.Ordinal);
        return await exchange.NextAsync(message, TestContext.Current.CancellationToken);
    }
}
