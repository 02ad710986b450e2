using Postrider.Mail;
using Postrider.Smtp.Client;
using Postrider.Smtp.Tls;
using Postrider.Testing;

namespace Postrider.Tests.Smtp.Client;

public sealed class SmtpClientPolicyTests
{
    private const string Hello = "S: 220 mx ESMTP\nC: EHLO mx.oracle.test\nS: 250-mx\nS: 250 STARTTLS\n";

    [Fact]
    public async Task Without_leave_to_try_it_TLS_is_not_asked_for()
    {
        SmtpOpening opening = await OpenAsync(Hello + "C: QUIT\nS: 221 bye\n", new Policy { Tries = false });
        Assert.True(opening.IsReady);
    }

    [Fact]
    public async Task Where_it_cannot_be_known_whether_to_try_the_connection_is_not_used()
    {
        SmtpOpening opening = await OpenAsync(Hello + "C: QUIT\nS: 221 bye\n", new Policy { Tries = null });
        Assert.Equal((451, SmtpClientPhase.StartTls), (opening.Refusal!.Code, opening.Phase));
    }

    [Fact]
    public async Task Server_that_is_not_good_enough_is_refused_and_told_what_it_said_to_STARTTLS()
    {
        Policy policy = new() { Server = SmtpReply.Of(403, "4.7.0", "encryption required") };
        SmtpOpening opening = await OpenAsync(Hello + "C: STARTTLS\nS: 454 4.3.3 TLS not available\nC: QUIT\nS: 221 bye\n", policy);
        Assert.Equal("403 4.7.0 encryption required", opening.Refusal!.ToString());
        Assert.Equal("454 4.3.3 TLS not available", policy.HeardOfStartTls?.ToString());
    }

    [Fact]
    public async Task Recipient_that_may_not_go_over_this_connection_is_not_named_to_the_peer()
    {
        ScriptedPeer peer = new("""
            S: 220 mx ESMTP
            C: EHLO mx.oracle.test
            S: 250 mx
            C: MAIL From:<alice@oracle.test>
            S: 250 ok
            C: RCPT To:<good@d1.example.org>
            S: 250 ok
            C: DATA
            S: 354 go
            C: x
            C: .
            S: 250 taken
            C: QUIT
            S: 221 bye
            """);
        Task other = peer.RunAsync();
        await using SmtpClientSession session = new(peer.ClientSide, "mx", new SmtpClientSettings { HeloName = "mx.oracle.test", Policy = new Policy() }, new ManualTimeProvider());
        Assert.True((await session.OpenAsync(CancellationToken.None)).IsReady);
        SmtpTransactionResult result = await session.SendAsync(
            new SmtpClientMessage
            {
                ReversePath = ReversePath.Of("alice@oracle.test"),
                Recipients = [new SmtpClientRecipient("secret@d1.example.org", new RcptParameters()), new SmtpClientRecipient("good@d1.example.org", new RcptParameters())],
                Parameters = MailParameters.None,
                OpenContent = static _ => new ValueTask<Stream>(new MemoryStream("x\r\n"u8.ToArray())),
            },
            CancellationToken.None);
        Assert.Equal((454, true), (result.Recipients[0].Reply!.Code, result.Recipients[0].IsLocal));
        Assert.True(result.Recipients[1].IsAccepted);
        await session.QuitAsync(CancellationToken.None);
        await other;
    }

    private static async Task<SmtpOpening> OpenAsync(string script, Policy policy)
    {
        ScriptedPeer peer = new(script);
        Task other = peer.RunAsync();
        SmtpClientSettings settings = new() { HeloName = "mx.oracle.test", Policy = policy, StartTls = static (_, _, _) => throw new InvalidOperationException("no handshake is wanted here") };
        await using SmtpClientSession session = new(peer.ClientSide, "mx", settings, new ManualTimeProvider());
        SmtpOpening opening = await session.OpenAsync(CancellationToken.None);
        await session.QuitAsync(CancellationToken.None);
        await other;
        return opening;
    }

    private sealed class Policy : ISmtpClientPolicy
    {
        public bool? Tries { get; init; } = true;

        public SmtpReply? Server { get; init; }

        public SmtpReply? HeardOfStartTls { get; private set; }

        public ValueTask<bool?> TriesTlsAsync(CancellationToken cancellationToken) => new(Tries);

        public ValueTask<SmtpReply?> ServerAsync(TlsFacts? tls, SmtpReply? startTlsRefusal, CancellationToken cancellationToken)
        {
            HeardOfStartTls = startTlsRefusal;
            return new(Server);
        }

        public ValueTask<SmtpClientAuthentication?> AuthenticationAsync(CancellationToken cancellationToken) => default;

        public ValueTask<SmtpReply?> RecipientAsync(string address, CancellationToken cancellationToken) =>
            new(address.StartsWith("secret", StringComparison.Ordinal) ? SmtpReply.Of(454, "4.7.0", "not over this connection") : null);
    }
}
