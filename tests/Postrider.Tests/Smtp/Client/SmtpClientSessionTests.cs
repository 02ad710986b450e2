using System.Globalization;
using System.Text;
using Postrider.Mail;
using Postrider.Smtp.Client;
using Postrider.Smtp.Sasl;
using Postrider.Smtp.Tls;
using Postrider.Testing;

namespace Postrider.Tests.Smtp.Client;

public class SmtpClientSessionTests
{
    private const string Hello = """
        S: 220 mx1.example.org ESMTP sink
        C: EHLO mx.oracle.test
        S: 250-mx1.example.org Hello
        S: 250-PIPELINING
        S: 250-ENHANCEDSTATUSCODES
        S: 250-8BITMIME
        S: 250-SIZE 5000000
        S: 250 DSN

        """;

    private const string Plain = """
        S: 220 mx3.example.org ESMTP sink
        C: EHLO mx.oracle.test
        S: 250-mx3.example.org Hello
        S: 250 SIZE 100000

        """;

    private readonly ManualTimeProvider clock = new();

    // sendmail 8.17, oracle 89: mx1 (ours sends MAIL in the same group, which RFC 2920 §3.1 allows)
    [Fact]
    public async Task A_pipelining_peer_gets_the_commands_up_to_DATA_as_one_group()
    {
        SmtpTransactionResult result = await DialogueAsync(Hello + """
            C: MAIL From:<alice@oracle.test> SIZE=842
            C: RCPT To:<u@d1.example.org>
            C: RCPT To:<v@d1.example.org>
            C: DATA
            S: 250 2.1.0 Sender ok
            S: 250 2.1.5 Recipient ok
            S: 550 5.1.1 User unknown
            S: 354 go
            C: Subject: x
            C:_
            C: body
            C: .
            S: 250 2.0.0 sink-accepted-1 Message accepted
            """.Replace("C:_", "C: ", StringComparison.Ordinal), Message("Subject: x\r\n\r\nbody\r\n", "u@d1.example.org", "v@d1.example.org"));
        Assert.True(result.Recipients[0].IsAccepted);
        Assert.Equal("250 2.0.0 sink-accepted-1 Message accepted", result.Recipients[0].Reply!.ToString());
        Assert.Equal((550, SmtpClientPhase.Rcpt), (result.Recipients[1].Reply!.Code, result.Recipients[1].Phase));
        Assert.Null(result.Loss);
    }

    [Fact]
    public async Task A_peer_without_pipelining_is_asked_one_by_one()
    {
        SmtpTransactionResult result = await DialogueAsync(Plain + """
            C: MAIL From:<alice@oracle.test> SIZE=842
            S: 250 2.1.0 Sender ok
            C: RCPT To:<u@d3.example.org>
            S: 250 2.1.5 Recipient ok
            C: DATA
            S: 354 go
            C: x
            C: .
            S: 250 2.0.0 sink-accepted-3 Message accepted
            """, Message("x\r\n", "u@d3.example.org"));
        // Not offered ENHANCEDSTATUSCODES: the status is text (oracle 89: stat=Sent (2.0.0 sink-accepted-3 Message accepted))
        Assert.Null(result.Recipients[0].Reply!.Status);
        Assert.Equal("2.0.0 sink-accepted-3 Message accepted", result.Recipients[0].Reply!.Text);
    }

    // sendmail 8.17, oracle 89: mx2
    [Fact]
    public async Task Ehlo_refused_with_5yz_falls_back_to_HELO_without_extensions()
    {
        SmtpTransactionResult result = await DialogueAsync("""
            S: 220 mx2.example.org ESMTP sink
            C: EHLO mx.oracle.test
            S: 500 5.5.1 Command unrecognized
            C: HELO mx.oracle.test
            S: 250 mx2.example.org
            C: MAIL From:<alice@oracle.test>
            S: 250 2.1.0 Sender ok
            C: RCPT To:<u@d2.example.org>
            S: 250 2.1.5 Recipient ok
            C: DATA
            S: 354 go
            C: x
            C: .
            S: 250 2.0.0 ok
            """, Message("x\r\n", "u@d2.example.org"));
        Assert.True(result.Recipients[0].IsAccepted);
    }

    [Theory]
    [InlineData("421 4.3.2 sink closing")]
    [InlineData("554 5.7.1 go away")]
    public async Task Another_greeting_than_220_is_a_refusal(string greeting)
    {
        ScriptedPeer peer = new($"S: {greeting}\nC: QUIT\nS: 221 2.0.0 bye");
        await using SmtpClientSession session = Session(peer);
        Task script = peer.RunAsync();
        SmtpOpening opening = await session.OpenAsync(default);
        Assert.False(opening.IsReady);
        Assert.Equal((greeting, SmtpClientPhase.Greeting), (opening.Refusal!.ToString(), opening.Phase));
        await session.QuitAsync(default);
        await script;
    }

    // sendmail 8.17, oracle 89: mx4
    [Fact]
    public async Task All_recipients_refused_and_DATA_refused_leaves_the_connection_usable_after_RSET()
    {
        ScriptedPeer peer = new(Hello + """
            C: MAIL From:<alice@oracle.test> SIZE=842
            C: RCPT To:<u@d4.example.org>
            C: DATA
            S: 250 2.1.0 Sender ok
            S: 550 5.1.1 <u@d4.example.org>... User unknown (sink)
            S: 554 5.5.1 no valid recipients
            C: RSET
            C: MAIL From:<alice@oracle.test> SIZE=842
            C: RCPT To:<u@d1.example.org>
            C: DATA
            S: 250 2.0.0 OK
            S: 250 2.1.0 ok
            S: 250 2.1.5 ok
            S: 354 go
            C: x
            C: .
            S: 250 2.0.0 taken
            C: QUIT
            S: 221 2.0.0 bye
            """);
        await using SmtpClientSession session = Session(peer);
        Task script = peer.RunAsync();
        Assert.True((await session.OpenAsync(default)).IsReady);
        SmtpTransactionResult first = await session.SendAsync(Message("x\r\n", "u@d4.example.org"), default);
        Assert.Equal("550 5.1.1 <u@d4.example.org>... User unknown (sink)", first.Recipients[0].Reply!.ToString());
        Assert.True(session.IsUsable);
        Assert.True((await session.SendAsync(Message("x\r\n", "u@d1.example.org"), default)).Recipients[0].IsAccepted);
        await session.QuitAsync(default);
        await script;
    }

    // RFC 2920 §3.1: the client must be prepared to send an empty message when DATA is accepted although no recipient was.
    [Fact]
    public async Task A_354_without_any_recipient_gets_the_end_mark_alone()
    {
        SmtpTransactionResult result = await DialogueAsync(Hello + """
            C: MAIL From:<alice@oracle.test> SIZE=842
            C: RCPT To:<u@d4.example.org>
            C: DATA
            S: 250 2.1.0 Sender ok
            S: 451 4.3.0 later
            S: 354 go
            C: .
            S: 554 5.5.1 no valid recipients
            """, Message("x\r\n", "u@d4.example.org"));
        Assert.Equal((451, SmtpClientPhase.Rcpt), (result.Recipients[0].Reply!.Code, result.Recipients[0].Phase));
    }

    [Fact]
    public async Task A_refused_MAIL_decides_for_every_recipient_whatever_the_rest_of_the_group_says()
    {
        SmtpTransactionResult result = await DialogueAsync(Hello + """
            C: MAIL From:<alice@oracle.test> SIZE=842
            C: RCPT To:<u@d13.example.org>
            C: DATA
            S: 553 5.1.8 bad sender (sink)
            S: 250 2.1.5 ok
            S: 354 go
            C: .
            S: 250 2.0.0 whatever
            """, Message("x\r\n", "u@d13.example.org"));
        Assert.Equal((553, SmtpClientPhase.Mail), (result.Recipients[0].Reply!.Code, result.Recipients[0].Phase));
    }

    [Fact]
    public async Task A_421_in_the_middle_is_the_answer_to_all_that_is_open_and_ends_the_session()
    {
        ScriptedPeer peer = new(Plain + """
            C: MAIL From:<alice@oracle.test> SIZE=842
            S: 250 ok
            C: RCPT To:<a@x.example>
            S: 550 no
            C: RCPT To:<b@x.example>
            S: 421 closing
            """);
        await using SmtpClientSession session = Session(peer);
        Task script = peer.RunAsync();
        await session.OpenAsync(default);
        SmtpTransactionResult result = await session.SendAsync(Message("x\r\n", "a@x.example", "b@x.example", "c@x.example"), default);
        Assert.Equal([550, 421, 421], result.Recipients.Select(r => r.Reply!.Code));
        Assert.False(session.IsUsable);
        await script;
    }

    [Fact]
    public async Task A_connection_closed_before_the_final_dot_leaves_recipients_open_without_fear_of_duplicates()
    {
        SmtpTransactionResult result = await DialogueAsync(Plain + """
            C: MAIL From:<alice@oracle.test> SIZE=842
            S: 250 ok
            C: RCPT To:<a@x.example>
            CLOSE
            """, Message("x\r\n", "a@x.example"), quit: false);
        Assert.Equal(SmtpConnectionLoss.Closed, result.Loss!.Loss);
        Assert.Null(result.Recipients[0].Reply);
        Assert.False(result.MayDuplicate);
    }

    [Fact]
    public async Task A_connection_closed_after_the_final_dot_may_have_delivered()
    {
        SmtpTransactionResult result = await DialogueAsync(Plain + """
            C: MAIL From:<alice@oracle.test> SIZE=842
            S: 250 ok
            C: RCPT To:<a@x.example>
            S: 250 ok
            C: DATA
            S: 354 go
            C: x
            C: .
            CLOSE
            """, Message("x\r\n", "a@x.example"), quit: false);
        Assert.Null(result.Recipients[0].Reply);
        Assert.True(result.MayDuplicate);
    }

    [Fact]
    public async Task Lmtp_gives_every_accepted_recipient_its_own_reply()
    {
        SmtpTransactionResult result = await DialogueAsync("""
            S: 220 lmtp
            C: LHLO mx.oracle.test
            S: 250-lmtp
            S: 250-PIPELINING
            S: 250 ENHANCEDSTATUSCODES
            C: MAIL From:<alice@oracle.test>
            C: RCPT To:<a@x.example>
            C: RCPT To:<b@x.example>
            C: RCPT To:<c@x.example>
            C: DATA
            S: 250 2.1.0 ok
            S: 250 2.1.5 ok
            S: 550 5.1.1 no
            S: 250 2.1.5 ok
            S: 354 go
            C: x
            C: .
            S: 250 2.0.0 a
            S: 452 4.2.2 c is full
            """, Message("x\r\n", "a@x.example", "b@x.example", "c@x.example"), lmtp: true);
        Assert.Equal("250 2.0.0 a|550 5.1.1 no|452 4.2.2 c is full", string.Join('|', result.Recipients.Select(r => r.Reply)));
        Assert.Equal([true, false, false], result.Recipients.Select(r => r.IsAccepted));
    }

    [Fact]
    public async Task Parameters_go_to_peers_that_offer_their_extension()
    {
        SmtpClientMessage message = Message("x\r\n", "u@d1.example.org") with
        {
            Parameters = new MailParameters { Size = 3, Body = BodyType.EightBitMime, Auth = "a@example.net", EnvelopeId = "QQ+314", Return = DsnReturn.Headers },
            Recipients = [new SmtpClientRecipient("u@d1.example.org", new RcptParameters { Notify = DsnNotify.Success | DsnNotify.Delay, OriginalRecipient = new OriginalRecipient("rfc822", "o+p@example.org") })],
        };
        SmtpTransactionResult result = await DialogueAsync("""
            S: 220 mx
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250-SIZE
            S: 250-8BITMIME
            S: 250-AUTH PLAIN LOGIN
            S: 250 DSN
            C: MAIL From:<alice@oracle.test> SIZE=3 BODY=8BITMIME AUTH=a@example.net ENVID=QQ+2B314 RET=HDRS
            S: 250 ok
            C: RCPT To:<u@d1.example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;o+2Bp@example.org
            S: 250 ok
            C: DATA
            S: 354 go
            C: x
            C: .
            S: 250 ok
            """, message);
        Assert.True(result.Recipients[0].IsAccepted);
    }

    [Fact]
    public async Task Declared_8_bit_content_is_refused_toward_a_peer_without_8BITMIME()
    {
        SmtpTransactionResult result = await DialogueAsync(Plain, Message("caf\u00e9\r\n", "u@x.example") with { Parameters = new MailParameters { Body = BodyType.EightBitMime } });
        Assert.Equal("554 5.6.3", result.Recipients[0].Reply!.ToString()[..9]);
        Assert.True(result.Recipients[0].IsLocal);
    }

    [Fact]
    public async Task Declared_8_bit_content_that_is_7_bit_passes()
    {
        SmtpTransactionResult result = await DialogueAsync(Plain + """
            C: MAIL From:<alice@oracle.test>
            S: 250 ok
            C: RCPT To:<u@x.example>
            S: 250 ok
            C: DATA
            S: 354 go
            C: cafe
            C: .
            S: 250 ok
            """, Message("cafe\r\n", "u@x.example") with { Parameters = new MailParameters { Body = BodyType.EightBitMime } });
        Assert.True(result.Recipients[0].IsAccepted);
    }

    [Theory]
    [InlineData("a@b> NOTIFY=NEVER")]
    [InlineData("a b@x.example")]
    [InlineData("a@b\tc")]
    [InlineData("\"open@x.example")]
    public async Task An_address_that_would_end_its_path_is_refused_here(string address)
    {
        SmtpTransactionResult result = await DialogueAsync(Plain, Message("x\r\n", address));
        Assert.True(result.Recipients[0].IsLocal, $"<{address}> was offered to the peer");
        Assert.Equal(553, result.Recipients[0].Reply!.Code);
    }

    [Fact]
    public async Task Silence_longer_than_the_timeout_loses_the_connection()
    {
        ScriptedPeer peer = new("SILENT");
        await using SmtpClientSession session = Session(peer);
        Task script = peer.RunAsync();
        Task<SmtpOpening> opening = session.OpenAsync(default).AsTask();
        await peer.Silent.Task;
        clock.Advance(TimeSpan.FromSeconds(299));
        Assert.False(opening.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        SmtpProtocolException e = await Assert.ThrowsAsync<SmtpProtocolException>(() => opening);
        Assert.Equal((SmtpConnectionLoss.TimedOut, SmtpClientPhase.Greeting), (e.Loss, e.Phase));
        await script;
    }

    [Fact]
    public async Task Octets_behind_the_220_of_STARTTLS_lose_the_connection()
    {
        ScriptedPeer peer = new("""
            S: 220 mx
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250 STARTTLS
            C: STARTTLS
            S: 220 ready
            S: 250 injected
            """);
        bool shaken = false;
        await using SmtpClientSession session = Session(peer, startTls: (_, _, _) => { shaken = true; throw new InvalidOperationException(); });
        Task script = peer.RunAsync();
        SmtpProtocolException e = await Assert.ThrowsAsync<SmtpProtocolException>(() => session.OpenAsync(default).AsTask());
        Assert.Equal(SmtpConnectionLoss.ReplyInjection, e.Loss);
        Assert.False(shaken);
        await script;
    }

    [Fact]
    public async Task After_STARTTLS_only_what_was_offered_under_TLS_counts()
    {
        ScriptedPeer peer = new("""
            S: 220 mx
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250-STARTTLS
            S: 250 PIPELINING
            C: STARTTLS
            S: 220 ready
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250 DSN
            """);
        string? expected = null;
        await using SmtpClientSession session = Session(peer, startTls: (stream, name, _) =>
        {
            expected = name;
            return new(new TlsLayer(stream, new TlsFacts { Verify = TlsVerify.Ok, Version = "TLSv1.3", Cipher = "TLS_AES_256_GCM_SHA384", CipherBits = 256, AlgorithmBits = 256 }));
        });
        Task script = peer.RunAsync();
        Assert.True((await session.OpenAsync(default)).IsReady);
        Assert.Equal(TlsVerify.Ok, session.Tls!.Verify);
        Assert.True(session.Extensions is { Dsn: true, Pipelining: false, StartTls: false });
        Assert.Equal("mx.example.org", expected);
        await script;
    }

    // sendmail 8.17, oracle 25: mx8 answers 454, the mail goes in clear
    [Fact]
    public async Task A_refused_STARTTLS_goes_on_in_clear()
    {
        ScriptedPeer peer = new("""
            S: 220 mx
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250 STARTTLS
            C: STARTTLS
            S: 454 4.3.3 TLS not available
            """);
        await using SmtpClientSession session = Session(peer, startTls: (_, _, _) => throw new InvalidOperationException());
        Task script = peer.RunAsync();
        Assert.True((await session.OpenAsync(default)).IsReady);
        Assert.Null(session.Tls);
        Assert.Equal(454, session.StartTlsRefusal!.Code);
        await script;
    }

    [Fact]
    public async Task Authentication_tries_the_next_mechanism_and_goes_on_without_when_all_fail()
    {
        ScriptedPeer peer = new("""
            S: 220 mx
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250 AUTH LOGIN PLAIN CRAM-MD5
            C: AUTH PLAIN AHVzZXIAc2VjcmV0
            S: 535 5.7.0 authentication failed
            C: AUTH LOGIN
            S: 334 VXNlcm5hbWU6
            C: dXNlcg==
            S: 334 UGFzc3dvcmQ6
            C: c2VjcmV0
            S: 535 5.7.0 authentication failed
            """);
        await using SmtpClientSession session = Authenticating(peer, inClear: true);
        Task script = peer.RunAsync();
        Assert.True((await session.OpenAsync(default)).IsReady);
        Assert.Null(session.AuthenticatedBy);
        Assert.Equal(535, session.AuthRefusal!.Code);
        await script;
    }

    [Fact]
    public async Task Authentication_succeeds_with_235()
    {
        ScriptedPeer peer = new("""
            S: 220 mx
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250 AUTH PLAIN
            C: AUTH PLAIN AHVzZXIAc2VjcmV0
            S: 235 2.0.0 OK Authenticated
            """);
        await using SmtpClientSession session = Authenticating(peer, inClear: true);
        Task script = peer.RunAsync();
        Assert.True((await session.OpenAsync(default)).IsReady);
        Assert.Equal("PLAIN", session.AuthenticatedBy);
        await script;
    }

    [Fact]
    public async Task A_password_is_not_shown_in_clear()
    {
        ScriptedPeer peer = new("""
            S: 220 mx
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250 AUTH PLAIN LOGIN
            C: QUIT
            S: 221 bye
            """);
        await using SmtpClientSession session = Authenticating(peer, inClear: false);
        Task script = peer.RunAsync();
        Assert.True((await session.OpenAsync(default)).IsReady);
        await session.QuitAsync(default);
        await script;
    }

    [Fact]
    public async Task A_235_to_SCRAM_without_the_servers_proof_loses_the_connection()
    {
        ScriptedPeer peer = new("""
            S: 220 mx
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250 AUTH SCRAM-SHA-256
            C: AUTH SCRAM-SHA-256 *
            S: 235 2.0.0 come in
            """);
        await using SmtpClientSession session = Authenticating(peer, inClear: false);
        Task script = peer.RunAsync();
        SmtpProtocolException e = await Assert.ThrowsAsync<SmtpProtocolException>(() => session.OpenAsync(default).AsTask());
        Assert.Equal((SmtpConnectionLoss.Security, SmtpClientPhase.Auth), (e.Loss, e.Phase));
        await script;
    }

    [Fact]
    public async Task A_challenge_that_is_not_base64_is_cancelled()
    {
        ScriptedPeer peer = new("""
            S: 220 mx
            C: EHLO mx.oracle.test
            S: 250-mx
            S: 250 AUTH SCRAM-SHA-256
            C: AUTH SCRAM-SHA-256 *
            S: 334 not base64!
            C: *
            S: 501 5.0.0 AUTH aborted
            """);
        await using SmtpClientSession session = Authenticating(peer, inClear: false);
        Task script = peer.RunAsync();
        Assert.True((await session.OpenAsync(default)).IsReady);
        Assert.Equal(501, session.AuthRefusal!.Code);
        await script;
    }

    [Fact]
    public async Task Content_that_cannot_be_read_never_gets_a_final_dot()
    {
        ScriptedPeer peer = new(Plain + """
            C: MAIL From:<alice@oracle.test> SIZE=842
            S: 250 ok
            C: RCPT To:<u@x.example>
            S: 250 ok
            C: DATA
            S: 354 go
            END
            """);
        SmtpClientSession session = Session(peer);
        Task script = peer.RunAsync();
        await session.OpenAsync(default);
        SmtpClientMessage message = Message("", "u@x.example") with { OpenContent = _ => new(new BrokenStream()) };
        await Assert.ThrowsAsync<IOException>(() => session.SendAsync(message, default).AsTask());
        Assert.False(session.IsUsable);
        await session.DisposeAsync();
        await script;
    }

    [Fact]
    public async Task Many_recipients_are_sent_in_bounded_groups()
    {
        StringBuilder dialogue = new(Hello);
        string[] recipients = [.. Enumerable.Range(0, 250).Select(i => $"u{i}@d1.example.org")];
        dialogue.Append("C: MAIL From:<alice@oracle.test> SIZE=842\n");
        int next = 0;
        int commands = 1;
        while (next < 250)
        {
            int from = next;
            for (; next < 250 && commands < 100; next++, commands++) dialogue.Append(CultureInfo.InvariantCulture, $"C: RCPT To:<{recipients[next]}>\n");
            if (next == 250) dialogue.Append("C: DATA\n");
            if (from == 0) dialogue.Append("S: 250 2.1.0 ok\n");
            for (int i = from; i < next; i++) dialogue.Append("S: 250 2.1.5 ok\n");
            commands = 0;
        }

        dialogue.Append("S: 354 go\nC: x\nC: .\nS: 250 2.0.0 ok");
        SmtpTransactionResult result = await DialogueAsync(dialogue.ToString(), Message("x\r\n", recipients));
        Assert.All(result.Recipients, r => Assert.True(r.IsAccepted));
    }

    private async Task<SmtpTransactionResult> DialogueAsync(string dialogue, SmtpClientMessage message, bool lmtp = false, bool quit = true)
    {
        ScriptedPeer peer = new(quit ? dialogue + "\nC: QUIT\nS: 221 2.0.0 bye" : dialogue);
        await using SmtpClientSession session = Session(peer, lmtp);
        Task script = peer.RunAsync();
        SmtpOpening opening = await session.OpenAsync(default);
        Assert.True(opening.IsReady, $"refused: {opening.Refusal}");
        Task<SmtpTransactionResult> sending = session.SendAsync(message, default).AsTask();
        await Task.WhenAny(sending, script.ContinueWith(t => t.IsFaulted ? t : sending, TaskScheduler.Default).Unwrap());
        if (script.IsFaulted) await script;
        SmtpTransactionResult result = await sending;
        if (quit) await session.QuitAsync(default);
        await script;
        return result;
    }

    private SmtpClientSession Session(ScriptedPeer peer, bool lmtp = false, ClientHandshake? startTls = null) =>
        new(peer.ClientSide, "mx.example.org", new SmtpClientSettings { HeloName = "mx.oracle.test", IsLmtp = lmtp, StartTls = startTls }, clock);

    private SmtpClientSession Authenticating(ScriptedPeer peer, bool inClear) => new(peer.ClientSide, "mx.example.org", new SmtpClientSettings
    {
        HeloName = "mx.oracle.test",
        Authentication = new SmtpClientAuthentication { Credentials = new SaslCredentials("user", "secret"), PlainInClear = inClear },
    }, clock);

    private static SmtpClientMessage Message(string content, params string[] recipients) => new()
    {
        ReversePath = ReversePath.Of("alice@oracle.test"),
        Recipients = [.. recipients.Select(r => new SmtpClientRecipient(r, RcptParameters.None))],
        Parameters = new MailParameters { Size = 842 },
        OpenContent = _ => new(new MemoryStream(Encoding.Latin1.GetBytes(content))),
    };

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("the disk is gone");
    }
}
