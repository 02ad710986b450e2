using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Postrider.Mail;
using Postrider.Mta.Logging;
using Postrider.Mta.Policy;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Smtp.Client;
using Postrider.Smtp.Tls;

namespace Postrider.Tests.Mta.Policy;

public sealed class DeliveryRulesTests
{
    private static readonly QueueEnvelope Envelope = new()
    {
        Id = new QueueId("6AKNGbTb001482"),
        ArrivalTime = DateTimeOffset.UnixEpoch,
        ReversePath = ReversePath.Of("a@example.net"),
        Recipients = [new QueueRecipient(ForwardPath.Of("bob@oracle.test"))],
        ReceivedFrom = "client10.example.net [127.2.0.10]",
    };

    [Fact]
    public async Task Error_of_check_compat_fails_the_recipient()
    {
        RouteVerdict? verdict = await Compat("R<a@$+> $| $*\t$#error $@ 5.7.1 $: \"554 compat denies \" $2\n");
        Assert.Equal((554, "compat denies <bob@oracle.test>", false), (verdict!.Code, verdict.Text, verdict.IsRouted));
    }

    [Fact]
    public async Task Discard_of_check_compat_drops_the_recipient() => Assert.Equal("discard", (await Compat("R$* $| <bob@$+>\t$#discard $: x\n"))!.Triple!.Mailer);

    [Theory]
    [InlineData("R$*\t$@ OK\n")]
    [InlineData("R$* $| carol\t$#error $: no\n")]
    public async Task Anything_else_lets_it_go(string rules) => Assert.Null(await Compat(rules));

    [Fact]
    public async Task What_check_compat_cannot_know_now_is_deferred() => Assert.Equal(451, (await Compat("R$* $| $*\t$: $(down $1 $)\n"))!.Code);

    [Fact]
    public async Task Refusal_of_try_tls_keeps_the_connection_in_clear_and_a_temporary_one_keeps_it_from_use()
    {
        Assert.False(await Server("Stry_tls\nRmx6.$+\t$#error $@ 5.7.1 $: \"550 do not try TLS with \" $&{server_name}\n").TriesTlsAsync(CancellationToken.None));
        Assert.True(await Server("Stry_tls\nRelsewhere\t$#error $: no\n").TriesTlsAsync(CancellationToken.None));
        Assert.Null(await Server("Kdown stab\nStry_tls\nR$*\t$: $(down $1 $)\n").TriesTlsAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(null, "NONE")]
    [InlineData(454, "TEMP")]
    [InlineData(502, "PROTOCOL")]
    public async Task Tls_server_is_told_how_it_went_in_clear(int? refusal, string verify)
    {
        ISmtpClientPolicy policy = Server("Stls_server\nR$*\t$#error $@ 4.7.0 $: \"403 \" $1 \" \" $&{verify} \" \" $&{server_addr}\n");
        SmtpReply? reply = await policy.ServerAsync(null, refusal is { } code ? SmtpReply.Of(code, null, "x") : null, CancellationToken.None);
        Assert.Equal($"403 4.7.0 {verify} {verify} 127.3.0.6", reply!.ToString());
    }

    [Fact]
    public async Task Tls_server_is_told_what_the_layer_is()
    {
        ISmtpClientPolicy policy = Server("Stls_server\nROK\t$#error $@ 5.7.0 $: \"503 CN \" $&{cn_subject} \" \" $&{cipher_bits}\n");
        TlsFacts facts = new() { Verify = TlsVerify.Ok, Version = "TLSv1.3", Cipher = "TLS_AES_256_GCM_SHA384", CipherBits = 256, AlgorithmBits = 256, CnSubject = "mx6.example.org" };
        Assert.Equal("503 5.7.0 CN mx6.example.org 256", (await policy.ServerAsync(facts, null, CancellationToken.None))!.ToString());
    }

    [Fact]
    public async Task Tls_rcpt_decides_for_each_recipient()
    {
        ISmtpClientPolicy policy = Server("Stls_rcpt\nRsecret@$+\t$#error $@ 4.7.0 $: \"454 not to \" $&{server_name}\n");
        Assert.Equal("454 4.7.0 not to mx6.example.org", (await policy.RecipientAsync("secret@d6.example.org", CancellationToken.None))!.ToString());
        Assert.Null(await policy.RecipientAsync("bob@d6.example.org", CancellationToken.None));
    }

    [Fact]
    public async Task Authinfo_gives_name_password_and_mechanisms()
    {
        ISmtpClientPolicy policy = Server("Sauthinfo\nR$*\t$# \"U:alice\" \"I:alice@example.org\" \"P=d29uZGVybGFuZA==\" \"M:PLAIN LOGIN\"\n");
        SmtpClientAuthentication? with = await policy.AuthenticationAsync(CancellationToken.None);
        Assert.Equal(("alice@example.org", "wonderland", "alice"), (with!.Credentials.UserName, with.Credentials.Password, with.Credentials.AuthorizationId));
        Assert.Equal(["PLAIN", "LOGIN"], with.Mechanisms);
    }

    [Theory]
    [InlineData("R$*\t$@ no\n")]
    [InlineData("R$*\t$# \"U:alice\"\n")]
    [InlineData("R$*\t$# \"U:alice\" \"P=not base64\"\n")]
    public async Task Authinfo_without_a_password_is_none(string rules) => Assert.Null(await Server("Sauthinfo\n" + rules).AuthenticationAsync(CancellationToken.None));

    [Fact]
    public void Site_without_such_rulesets_has_no_policy() => Assert.Null(new DeliveryRules(new RuleSite("").Rules, Log()).PolicyFor("mx6.example.org", IPAddress.Loopback));

    private static SendmailLog Log() => new(NullLogger.Instance);

    private static async Task<RouteVerdict?> Compat(string rules) =>
        await new DeliveryRules(new RuleSite("Kdown stab\nScheck_compat\n" + rules).Rules, Log()).CheckCompatAsync(Envelope, ForwardPath.Of("bob@oracle.test"), CancellationToken.None);

    private static ISmtpClientPolicy Server(string cf) => new DeliveryRules(new RuleSite(cf).Rules, Log()).PolicyFor("mx6.example.org", IPAddress.Parse("127.3.0.6"))!;
}
