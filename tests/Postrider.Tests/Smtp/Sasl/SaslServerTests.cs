using System.Text;
using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Smtp.Sasl;

public sealed class SaslServerTests
{
    private readonly TestCredentials store = new();

    [Fact]
    public void Passwords_are_asked_for_only_under_TLS()
    {
        SaslServer server = store.Server();
        Assert.Equal(["SCRAM-SHA-256"], server.MechanismsFor(null));
        Assert.Equal(["SCRAM-SHA-256", "LOGIN", "PLAIN"], server.MechanismsFor(TestCredentials.Tls));
        Assert.Null(server.Begin("PLAIN", null));
        Assert.Null(server.Begin("LOGIN", null));
        Assert.NotNull(server.Begin("plain", TestCredentials.Tls));
    }

    [Fact]
    public void Site_may_ask_for_passwords_in_clear()
    {
        SaslServer server = store.Server(new SaslServerSettings { PlainInClear = true });
        Assert.Equal(["SCRAM-SHA-256", "LOGIN", "PLAIN"], server.MechanismsFor(null));
    }

    [Fact]
    public void Only_what_a_store_can_serve_is_offered()
    {
        Assert.Empty(new SaslServer(new SaslServerSettings(), new SaslStores()).MechanismsFor(TestCredentials.Tls));
        Assert.Equal(["LOGIN", "PLAIN"], new SaslServer(new SaslServerSettings(), new SaslStores { Passwords = new ScramPasswordVerifier(store) }).MechanismsFor(TestCredentials.Tls));
        Assert.Equal(["SCRAM-SHA-256"], new SaslServer(new SaslServerSettings(), new SaslStores { Scram = store }).MechanismsFor(TestCredentials.Tls));
    }

    [Fact]
    public void Only_what_the_site_names_is_offered()
    {
        SaslServer server = store.Server(new SaslServerSettings { Mechanisms = ["DIGEST-MD5", "plain", "EXTERNAL"] });
        Assert.Equal(["PLAIN"], server.MechanismsFor(TestCredentials.Tls));
        Assert.Null(server.Begin("SCRAM-SHA-256", TestCredentials.Tls));
        Assert.Null(server.Begin("DIGEST-MD5", TestCredentials.Tls));
    }

    private static readonly TestSecrets Secrets = new("mx.oracle.test", ("alice", "mx.oracle.test", "wonderland"), ("carol", "other.realm", "p2"));

    private static readonly string[] Oracle30 = ["EXTERNAL", "DIGEST-MD5", "CRAM-MD5", "LOGIN", "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"];

    // AuthMechanisms, mech_list, and the AUTH line that sendmail 8.17 gave for them (oracle 01, 30, 32; the others asked of it).
    [Theory]
    [InlineData("EXTERNAL GSSAPI KERBEROS_V4 DIGEST-MD5 CRAM-MD5", "", "DIGEST-MD5 CRAM-MD5")]
    [InlineData("EXTERNAL DIGEST-MD5 CRAM-MD5 LOGIN PLAIN SCRAM-SHA-1 SCRAM-SHA-256", "", "DIGEST-MD5 CRAM-MD5 LOGIN PLAIN SCRAM-SHA-1 SCRAM-SHA-256")]
    [InlineData("PLAIN SCRAM-SHA-256 LOGIN CRAM-MD5 SCRAM-SHA-1 DIGEST-MD5", "", "PLAIN SCRAM-SHA-256 LOGIN CRAM-MD5 SCRAM-SHA-1 DIGEST-MD5")]
    [InlineData("PLAIN SCRAM-SHA-256 LOGIN CRAM-MD5 SCRAM-SHA-1 DIGEST-MD5", "LOGIN SCRAM-SHA-1 CRAM-MD5 PLAIN DIGEST-MD5", "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 DIGEST-MD5")]
    [InlineData("PLAIN CRAM-MD5", "", "PLAIN CRAM-MD5")]
    [InlineData("cram-md5 plain Login", "login cram-md5", "cram-md5 Login")]
    [InlineData("EXTERNAL", "", "")]
    public void In_the_sites_order_the_line_is_sendmails(string mechanisms, string allowed, string line)
    {
        SaslServer server = new(new SaslServerSettings { Mechanisms = [.. mechanisms.Split(' ')], Allowed = [.. allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries)], KeepsOrder = true, PlainInClear = true }, SaslStores.Of(Secrets, TimeProvider.System));
        Assert.Equal(line, string.Join(' ', server.MechanismsFor(null)));
        Assert.Equal(line, string.Join(' ', server.MechanismsFor(TestCredentials.Tls)));
    }

    // oracle 32
    [Theory]
    [InlineData(SaslDemands.None, "DIGEST-MD5 CRAM-MD5 LOGIN PLAIN SCRAM-SHA-1 SCRAM-SHA-256")]
    [InlineData(SaslDemands.NoActive, "SCRAM-SHA-1 SCRAM-SHA-256")]
    [InlineData(SaslDemands.PassCredentials, "LOGIN PLAIN")]
    [InlineData(SaslDemands.Mutual, "DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256")]
    [InlineData(SaslDemands.NoDictionary, "")]
    [InlineData(SaslDemands.ForwardSecrecy, "")]
    [InlineData(SaslDemands.NoActive | SaslDemands.PassCredentials, "")]
    public void Demands_take_mechanisms_away(SaslDemands demands, string line)
    {
        SaslServer server = new(new SaslServerSettings { Mechanisms = [.. Oracle30], KeepsOrder = true, PlainInClear = true, Demands = demands }, SaslStores.Of(Secrets, TimeProvider.System));
        Assert.Equal(line, string.Join(' ', server.MechanismsFor(null)));
    }

    [Theory]
    [InlineData("PLAIN", "\0alice\0wonderland", "alice")]
    [InlineData("PLAIN", "\0alice@mx.oracle.test\0wonderland", "alice@mx.oracle.test")]
    [InlineData("PLAIN", "\0carol@other.realm\0p2", "carol@other.realm")]
    [InlineData("PLAIN", "\0carol\0p2", null)]
    [InlineData("PLAIN", "\0ALICE\0wonderland", null)]
    [InlineData("PLAIN", "\0alice@MX.oracle.test\0wonderland", null)]
    [InlineData("PLAIN", "\0alice\0Wonderland", null)]
    [InlineData("PLAIN", "\0nosuch\0x", null)]
    public async Task Passwords_of_realms_are_checked_as_there(string mechanism, string message, string? user)
    {
        SaslServer server = new(new SaslServerSettings { Mechanisms = [.. Oracle30], KeepsOrder = true, PlainInClear = true }, SaslStores.Of(Secrets, TimeProvider.System));
        using ISaslServerExchange exchange = server.Begin(mechanism, null)!;
        SaslStep step = await exchange.NextAsync(TestCredentials.Octets(message), TestContext.Current.CancellationToken);
        Assert.Equal((user is null ? SaslOutcome.Failure : SaslOutcome.Success, user ?? message.Split('\0')[1]), (step.Outcome, step.AuthenticationId));
    }

    [Theory]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    public async Task Scram_is_served_from_passwords(string mechanism)
    {
        SaslServer server = new(new SaslServerSettings { Mechanisms = [.. Oracle30], KeepsOrder = true }, SaslStores.Of(Secrets, TimeProvider.System));
        foreach ((string user, string password, SaslOutcome outcome) in new[] { ("alice", "wonderland", SaslOutcome.Success), ("alice@mx.oracle.test", "wonderland", SaslOutcome.Success), ("alice", "wrong", SaslOutcome.Failure), ("nosuch", "wonderland", SaslOutcome.Failure) })
        {
            using ISaslServerExchange exchange = server.Begin(mechanism, null)!;
            Assert.Equal(mechanism, exchange.Mechanism);
            Assert.Equal(outcome, (await ScramPeer.RunAsync(exchange, user, password)).Outcome);
        }
    }

    [Theory]
    [InlineData("\0user\0pencil", SaslOutcome.Success)]
    [InlineData("user\0user\0pencil", SaslOutcome.Success)]
    [InlineData("\0USER\0pencil", SaslOutcome.Success)]
    [InlineData("USER\0USER\0pencil", SaslOutcome.Success)]
    [InlineData("\0user\0Pencil", SaslOutcome.Failure)]
    [InlineData("\0user\0", SaslOutcome.Failure)]
    [InlineData("\0user\0\u00ad", SaslOutcome.Failure)] // nothing is left of it after preparation
    [InlineData("\0\0pencil", SaslOutcome.Failure)]
    [InlineData("\0nobody\0pencil", SaslOutcome.Failure)]
    [InlineData("root\0user\0pencil", SaslOutcome.Failure)]
    [InlineData("user\0pencil", SaslOutcome.Failure)]
    [InlineData("\0user\0pencil\0", SaslOutcome.Failure)]
    [InlineData("", SaslOutcome.Failure)]
    public async Task Plain_messages(string message, SaslOutcome outcome)
    {
        using ISaslServerExchange exchange = store.Server().Begin("PLAIN", TestCredentials.Tls)!;
        SaslStep step = await exchange.NextAsync(TestCredentials.Octets(message), TestContext.Current.CancellationToken);
        Assert.Equal(outcome, step.Outcome);
        if (outcome == SaslOutcome.Success) Assert.Equal(("user", "user"), (step.AuthenticationId, step.AuthorizationId));
        else Assert.NotNull(step.Reason);
    }

    [Fact]
    public async Task Plain_without_initial_response_is_asked_for_with_an_empty_challenge()
    {
        using ISaslServerExchange exchange = store.Server().Begin("PLAIN", TestCredentials.Tls)!;
        SaslStep asked = await exchange.NextAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(SaslOutcome.Challenge, asked.Outcome);
        Assert.True(asked.Data.IsEmpty);
        Assert.Equal(SaslOutcome.Success, (await exchange.NextAsync(TestCredentials.Octets("\0user\0pencil"), TestContext.Current.CancellationToken)).Outcome);
    }

    [Theory]
    [InlineData(null, "user", "pencil", SaslOutcome.Success)]
    [InlineData("user", null, "pencil", SaslOutcome.Success)] // oracle 31: AUTH LOGIN YWxpY2U=
    [InlineData(null, "user", "pen", SaslOutcome.Failure)]
    [InlineData(null, "user", "", SaslOutcome.Failure)]
    [InlineData(null, "", "pencil", SaslOutcome.Failure)]
    public async Task Login_prompts_for_name_and_password(string? initial, string? name, string password, SaslOutcome outcome)
    {
        using ISaslServerExchange exchange = store.Server().Begin("LOGIN", TestCredentials.Tls)!;
        SaslStep step = await exchange.NextAsync(initial is null ? default(ReadOnlyMemory<byte>?) : TestCredentials.Octets(initial), TestContext.Current.CancellationToken);
        if (initial is null)
        {
            Assert.Equal("Username:", Encoding.ASCII.GetString(step.Data.Span));
            step = await exchange.NextAsync(TestCredentials.Octets(name!), TestContext.Current.CancellationToken);
        }

        Assert.Equal(SaslOutcome.Challenge, step.Outcome);
        Assert.Equal("Password:", Encoding.ASCII.GetString(step.Data.Span));
        Assert.Equal(outcome, (await exchange.NextAsync(TestCredentials.Octets(password), TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task Empty_password_fails_even_where_the_store_would_take_it()
    {
        SaslServer server = new(new SaslServerSettings(), new SaslStores { Passwords = new Credulous() });
        using ISaslServerExchange plain = server.Begin("PLAIN", TestCredentials.Tls)!;
        Assert.Equal(SaslOutcome.Failure, (await plain.NextAsync(TestCredentials.Octets("\0user\0"), TestContext.Current.CancellationToken)).Outcome);
        using ISaslServerExchange other = server.Begin("PLAIN", TestCredentials.Tls)!;
        Assert.Equal(SaslOutcome.Success, (await other.NextAsync(TestCredentials.Octets("\0user\0x"), TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task Store_that_does_not_answer_is_a_temporary_failure()
    {
        store.IsDown = true;
        using ISaslServerExchange exchange = store.Server().Begin("PLAIN", TestCredentials.Tls)!;
        Assert.Equal(SaslOutcome.TemporaryFailure, (await exchange.NextAsync(TestCredentials.Octets("\0user\0pencil"), TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task Garbage_never_throws_and_never_succeeds()
    {
        Random random = new(20261121);
        string[] seeds = ["\0user\0pencil", "n,,n=user,r=abc", "c=biws,r=abc,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "y,a=x,n=u=3Dser,r=", "user"];
        SaslServer server = store.Server(new SaslServerSettings { Mechanisms = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "LOGIN", "PLAIN"] });
        for (int run = 0; run < 4000; run++)
        {
            foreach (string mechanism in server.MechanismsFor(TestCredentials.Tls))
            {
                using ISaslServerExchange exchange = server.Begin(mechanism, TestCredentials.Tls)!;
                for (int step = 0; step < 4; step++)
                {
                    byte[] said = random.Next(2) == 0 ? new byte[random.Next(60)] : Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]);
                    if (said.All(b => b == 0)) random.NextBytes(said);
                    else if (said.Length > 0) said[random.Next(said.Length)] ^= (byte)(1 << random.Next(8));
                    if (Encoding.UTF8.GetString(said) is "\0user\0pencil" or "\0User\0pencil" or "\0uSer\0pencil" or "\0usEr\0pencil" or "\0useR\0pencil") continue;
                    SaslStep answer = await exchange.NextAsync(random.Next(8) == 0 ? default(ReadOnlyMemory<byte>?) : said, TestContext.Current.CancellationToken);
                    Assert.True(answer.Outcome is SaslOutcome.Challenge or SaslOutcome.Failure, $"{mechanism}: {Convert.ToHexString(said)}: {answer.Outcome}");
                    if (answer.Outcome == SaslOutcome.Failure && random.Next(2) == 0) break;
                }
            }
        }
    }

    private sealed class Credulous : IPasswordVerifier
    {
        public ValueTask<string?> VerifyAsync(string userName, string password, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(userName);
    }
}
