using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Postrider.Mail;
using Postrider.Mta.Delivery;
using Postrider.Mta.Dns;
using Postrider.Queue;
using Postrider.Smtp.Client;
using Postrider.Smtp.Tls;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Delivery;

public sealed class SmtpDeliveryAgentTests : IAsyncDisposable
{
    private readonly ManualTimeProvider clock = new();
    private readonly DnsTable dns = new();
    private ConnectionCache cache;
    private ClientHandshake? startTls;
    private SmtpDeliveryAgent? agent;

    public SmtpDeliveryAgentTests() => cache = new ConnectionCache(new ConnectionCacheSettings(), clock);

    public ValueTask DisposeAsync() => cache.DisposeAsync();

    [Fact]
    public async Task A_message_is_relayed_with_the_facts_for_log_and_notification()
    {
        await using SmtpSink sink = new();
        RecipientOutcome outcome = await OneAsync($"[127.0.0.1]:{sink.Port}");
        Assert.Equal(OutcomeKind.Relayed, outcome.Kind);
        // sendmail 8.17, oracle 89: relay=[127.3.0.1] [127.3.0.1], dsn=2.0.0, stat=Sent (sink-accepted-1 Message accepted)
        Assert.Equal("Sent (sink-accepted-1 Message accepted)", outcome.Message);
        Assert.Equal("2.0.0", outcome.Status.ToString());
        Assert.Equal("[127.0.0.1] [127.0.0.1]", outcome.Relay);
        Assert.Equal("250 2.0.0 sink-accepted-1 Message accepted", outcome.RemoteReply);
        Assert.Equal("Subject: x\r\n\r\n..dot\r\n", Assert.Single(sink.Messages));
    }

    [Fact]
    public async Task A_next_hop_without_DSN_leaves_success_notifications_to_us()
    {
        await using SmtpSink sink = new() { Extensions = ["PIPELINING"] };
        RecipientOutcome outcome = await OneAsync($"[127.0.0.1]:{sink.Port}");
        Assert.Equal(OutcomeKind.RelayedWithoutDsn, outcome.Kind);
        Assert.Equal("Sent (2.0.0 sink-accepted-1 Message accepted)", outcome.Message);
    }

    [Fact]
    public async Task A_hop_that_offers_STARTTLS_gets_the_message_under_TLS()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=mx6.example.org", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        await using SmtpSink sink = new() { Extensions = ["STARTTLS", "PIPELINING"], Certificate = certificate };
        startTls = new ClientTls(new TlsPaths(), clock).AuthenticateAsync;
        for (int i = 0; i < 2; i++) Assert.Equal(OutcomeKind.RelayedWithoutDsn, (await OneAsync($"[127.0.0.1]:{sink.Port}")).Kind);
        Assert.Equal(2, sink.Secured);
        Assert.Equal(1, sink.Commands.Count(c => c == "STARTTLS"));
    }

    // sendmail 8.17, oracle 25: mx20: dsn=4.7.0, stat=Deferred: 454 4.7.0 TLS handshake failed.
    [Fact]
    public async Task A_failed_handshake_defers_and_never_goes_on_in_clear()
    {
        await using SmtpSink sink = new() { Extensions = ["STARTTLS", "PIPELINING"] };
        startTls = new ClientTls(new TlsPaths(), clock).AuthenticateAsync;
        RecipientOutcome outcome = await OneAsync($"[127.0.0.1]:{sink.Port}");
        Assert.Equal((OutcomeKind.Deferred, "4.7.0", "Deferred: 454 4.7.0 TLS handshake failed."), (outcome.Kind, outcome.Status.ToString(), outcome.Message));
        Assert.DoesNotContain(sink.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    // RFC 2852 §4
    [Theory]
    [InlineData(120, true, 20, " BY=100;R")]
    [InlineData(120, false, 150, " BY=-30;N")]
    [InlineData(120, true, 150, "")]
    public async Task The_time_left_to_deliver_by_is_passed_on(int within, bool returns, int waited, string parameter)
    {
        await using SmtpSink sink = new() { Extensions = ["DELIVERBY"] };
        DeliveryAttempt attempt = Attempts.To("esmtp", $"[127.0.0.1]:{sink.Port}", "x\r\n", "u@x.example");
        QueueEnvelope envelope = attempt.Envelope with { ArrivalTime = clock.GetUtcNow(), DeliverBy = new DeliverBy(TimeSpan.FromSeconds(within), returns, Trace: false) };
        clock.Advance(TimeSpan.FromSeconds(waited));
        await Agent().DeliverAsync(attempt with { Envelope = envelope }, default);
        Assert.Contains("MAIL From:<alice@oracle.test>" + parameter, sink.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Several_messages_share_one_connection_with_RSET_between()
    {
        await using SmtpSink sink = new();
        for (int i = 0; i < 3; i++) await OneAsync($"[127.0.0.1]:{sink.Port}");
        Assert.Equal(3, sink.Messages.Count);
        Assert.Equal(1, sink.Connections);
        Assert.Equal(2, sink.Commands.Count(c => c == "RSET"));
        Assert.Equal(1, cache.IdleCount);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_when_its_time_is_over()
    {
        await using SmtpSink sink = new();
        await OneAsync($"[127.0.0.1]:{sink.Port}");
        clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(1, cache.IdleCount);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, cache.IdleCount);
        await OneAsync($"[127.0.0.1]:{sink.Port}");
        Assert.Equal(2, sink.Connections);
    }

    [Theory]
    [InlineData("")]
    [InlineData("421 4.4.2 idle too long")]
    public async Task A_cached_connection_that_the_peer_has_closed_is_replaced_within_the_attempt(string toRset)
    {
        await using SmtpSink sink = new() { Answer = (_, line) => line == "RSET" ? toRset : null };
        await OneAsync($"[127.0.0.1]:{sink.Port}");
        RecipientOutcome second = await OneAsync($"[127.0.0.1]:{sink.Port}");
        Assert.Equal(OutcomeKind.Relayed, second.Kind);
        Assert.Equal(2, sink.Messages.Count);
        Assert.Equal(2, sink.Connections);
    }

    // sendmail 8.17, oracle 89: multi.example.org: mx11 refuses the connection, mx12 decides
    [Fact]
    public async Task A_host_that_refuses_the_connection_leads_to_the_next_and_a_permanent_reply_decides()
    {
        await using SmtpSink second = new("127.0.0.2") { Answer = (_, line) => line == "." ? "554 5.6.0 content rejected (sink)" : null };
        await using SmtpSink third = new("127.0.0.3", second.Port);
        dns.Mx("multi.example.org", (10, "mx11.example.org"), (20, "mx12.example.org"), (30, "mx1.example.org"))
            .A("mx11.example.org", "127.0.0.4").A("mx12.example.org", "127.0.0.2").A("mx1.example.org", "127.0.0.3");
        RecipientOutcome outcome = await OneAsync($"multi.example.org:{second.Port}");
        Assert.Equal((OutcomeKind.Failed, "5.6.0", "Service unavailable"), (outcome.Kind, outcome.Status.ToString(), outcome.Message));
        Assert.Equal("mx12.example.org. [127.0.0.2]", outcome.Relay);
        Assert.Equal("mx12.example.org", outcome.RemoteMta);
        Assert.Equal("554 5.6.0 content rejected (sink)", outcome.RemoteReply);
        Assert.Empty(third.Messages);
    }

    // sendmail 8.17, oracle 89: mx11: dsn=4.4.1, stat=Deferred: Connection refused by mx11.example.org.
    [Fact]
    public async Task When_no_host_can_be_reached_the_mail_is_deferred_with_the_last_reason()
    {
        await using SmtpSink closed = new("127.0.0.5");
        int port = closed.Port;
        await closed.DisposeAsync();
        dns.Mx("d11.example.org", (10, "mx11.example.org")).A("mx11.example.org", "127.0.0.5");
        RecipientOutcome outcome = await OneAsync($"d11.example.org:{port}");
        Assert.Equal((OutcomeKind.Deferred, "4.4.1", "Deferred: Connection refused by mx11.example.org."), (outcome.Kind, outcome.Status.ToString(), outcome.Message));
        Assert.Equal("mx11.example.org. [127.0.0.5]", outcome.Relay);
    }

    [Theory]
    [InlineData("421 4.3.2 sink closing", OutcomeKind.Deferred, "4.5.0", "Deferred: 421 4.3.2 sink closing")]
    [InlineData("554 5.7.1 go away", OutcomeKind.Failed, "5.5.0", "Service unavailable")]
    public async Task A_refusing_greeting_of_the_only_host_decides(string greeting, OutcomeKind kind, string status, string message)
    {
        await using SmtpSink sink = new() { Greeting = greeting };
        RecipientOutcome outcome = await OneAsync($"[127.0.0.1]:{sink.Port}");
        Assert.Equal((kind, status, message, greeting), (outcome.Kind, outcome.Status.ToString(), outcome.Message, outcome.RemoteReply));
    }

    // sendmail 8.17, oracle 89: mx4, mx5, mx13, mx15, mx17
    [Theory]
    [InlineData("RCPT", "550 5.1.1 <u@x>... User unknown (sink)", OutcomeKind.Failed, "5.1.1", "User unknown")]
    [InlineData("RCPT", "451 4.3.0 <u@x>... Try again later (sink)", OutcomeKind.Deferred, "4.3.0", "Deferred: 451 4.3.0 <u@x>... Try again later (sink)")]
    [InlineData("MAIL", "553 5.1.8 bad sender (sink)", OutcomeKind.Failed, "5.1.8", "Data format error")]
    [InlineData(".", "451 4.7.1 greylisted (sink)", OutcomeKind.Deferred, "4.7.1", "Deferred: 451 4.7.1 greylisted (sink)")]
    [InlineData("RCPT", "452 4.5.3 too many", OutcomeKind.Deferred, "4.5.3", "Deferred: 452 4.5.3 too many")]
    public async Task A_reply_in_the_transaction_becomes_the_outcome_with_sendmails_words(string command, string reply, OutcomeKind kind, string status, string message)
    {
        await using SmtpSink sink = new() { Answer = (_, line) => line.StartsWith(command, StringComparison.Ordinal) ? reply : command != "." && line == "DATA" ? "554 5.5.1 no valid recipients" : null };
        RecipientOutcome outcome = await OneAsync($"[127.0.0.1]:{sink.Port}");
        Assert.Equal((kind, status, message, reply), (outcome.Kind, outcome.Status.ToString(), outcome.Message, outcome.RemoteReply));
    }

    [Fact]
    public async Task A_connection_lost_after_the_final_dot_is_deferred_and_no_other_host_is_tried()
    {
        await using SmtpSink first = new("127.0.0.6") { Answer = (_, line) => line == "." ? "" : null };
        await using SmtpSink second = new("127.0.0.7", first.Port);
        dns.Mx("x.example", (10, "a.x.example"), (20, "b.x.example")).A("a.x.example", "127.0.0.6").A("b.x.example", "127.0.0.7");
        RecipientOutcome outcome = await OneAsync($"x.example:{first.Port}");
        Assert.Equal((OutcomeKind.Deferred, "4.4.2", "Deferred: Connection reset by a.x.example."), (outcome.Kind, outcome.Status.ToString(), outcome.Message));
        Assert.Contains("duplicate", outcome.Reasons.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, second.Connections);
    }

    [Fact]
    public async Task A_connection_lost_before_the_final_dot_leads_to_the_next_host()
    {
        await using SmtpSink first = new("127.0.0.8") { Answer = (_, line) => line == "DATA" ? "" : null };
        await using SmtpSink second = new("127.0.0.9", first.Port);
        dns.Mx("x.example", (10, "a.x.example"), (20, "b.x.example")).A("a.x.example", "127.0.0.8").A("b.x.example", "127.0.0.9");
        Assert.Equal(OutcomeKind.Relayed, (await OneAsync($"x.example:{first.Port}")).Kind);
        Assert.Single(second.Messages);
    }

    [Fact]
    public async Task Each_recipient_has_its_own_outcome_and_big_envelopes_go_in_parts()
    {
        await using SmtpSink sink = new() { Answer = (_, line) => line.StartsWith("RCPT To:<u7@", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        IReadOnlyList<RecipientOutcome> outcomes = await DeliverAsync($"[127.0.0.1]:{sink.Port}", 250);
        Assert.Equal(250, outcomes.Count);
        Assert.Equal(Enumerable.Range(0, 250), outcomes.Select(o => o.Recipient).Order());
        Assert.Equal(7, Assert.Single(outcomes, o => o.Kind == OutcomeKind.Failed).Recipient);
        Assert.Equal(3, sink.Messages.Count);
    }

    [Fact]
    public async Task Connections_to_one_destination_are_bounded()
    {
        cache = new ConnectionCache(new ConnectionCacheSettings { MaxPerDestination = 3 }, clock);
        await using SmtpSink sink = new();
        RecipientOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => OneAsync($"[127.0.0.1]:{sink.Port}"))));
        Assert.All(outcomes, o => Assert.Equal(OutcomeKind.Relayed, o.Kind));
        Assert.InRange(sink.MostOpen, 1, 3);
        Assert.Equal(40, sink.Messages.Count);
    }

    [Theory]
    [InlineData("nonexistent.invalid", OutcomeKind.Failed, "5.1.2", "Host unknown (Name server: nonexistent.invalid: host not found)", "nonexistent.invalid")]
    [InlineData("nullmx.example.org", OutcomeKind.Failed, "5.1.10", "Service unavailable", "nullmx.example.org.")]
    [InlineData("loop.example.org", OutcomeKind.Failed, "5.3.5", "Local configuration error", "loop.example.org.")]
    [InlineData("tempfail.example.org", OutcomeKind.Deferred, "4.4.3", "Deferred: Name server: tempfail.example.org: host name lookup failure", "tempfail.example.org.")]
    public async Task What_the_DNS_says_about_a_destination_becomes_the_outcome(string domain, OutcomeKind kind, string status, string message, string relay)
    {
        dns.Mx("nullmx.example.org", (0, "")).Mx("loop.example.org", (10, "mx.oracle.test")).Fails("tempfail.example.org", DnsRecordType.Mx);
        RecipientOutcome outcome = await OneAsync(domain);
        Assert.Equal((kind, status, message, relay), (outcome.Kind, outcome.Status.ToString(), outcome.Message, outcome.Relay));
    }

    private async Task<RecipientOutcome> OneAsync(string host) => Assert.Single(await DeliverAsync(host, 1));

    private async Task<IReadOnlyList<RecipientOutcome>> DeliverAsync(string host, int recipients)
    {
        return await Agent().DeliverAsync(Attempts.To("esmtp", host, "Subject: x\r\n\r\n.dot\r\n", [.. Enumerable.Range(0, recipients).Select(i => $"u{i}@x.example")]), default);
    }

    private SmtpDeliveryAgent Agent() => agent ??= new SmtpDeliveryAgent(new SmtpDeliverySettings { Client = new SmtpClientSettings { HeloName = "mx.oracle.test", StartTls = startTls } },
        new MailHostResolver(dns, "mx.oracle.test", ["oracle.test"], () => false), cache, clock, NullLogger<SmtpDeliveryAgent>.Instance);
}
