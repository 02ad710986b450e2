using System.Security.Authentication;
using Postrider.Mail;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Client;

/// <remarks>
/// Opening: (1) greeting, (2) EHLO, or HELO for a peer that does not know EHLO, (3) STARTTLS where both sides can, and EHLO again, (4) AUTH where both sides can.
/// </remarks>
public sealed partial class SmtpClientSession
{
    private static readonly SmtpReply undecided = SmtpReply.Of(451, "4.3.0", "Temporary system failure. Please try again later.");

    /// <summary>Makes the connection ready for mail transactions. Called once, first.</summary>
    /// <exception cref="SmtpProtocolException">The connection is lost.</exception>
    public async ValueTask<SmtpOpening> OpenAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = Bind(cancellationToken);

        // :: 1. Greeting. RFC 5321 §3.1: 220, or 554 (and in practice 421 and others) from a host that takes no mail now.
        SmtpReply greeting = await ReplyAsync(SmtpClientPhase.Greeting, cancellationToken);
        if (greeting.Code != 220) return new SmtpOpening(NotAnAnswer(greeting), SmtpClientPhase.Greeting);

        // :: 2. EHLO
        if (await HelloAsync(cancellationToken) is { } refusal) return new SmtpOpening(refusal, SmtpClientPhase.Helo);

        // :: 3. STARTTLS
        bool? triesTls = settings.Policy is { } policy && settings.StartTls is not null && Extensions.StartTls ? await policy.TriesTlsAsync(cancellationToken) : true;
        if (triesTls is null) return new SmtpOpening(undecided, SmtpClientPhase.StartTls);
        if (settings.StartTls is { } handshake && triesTls == true && Extensions.StartTls && await StartTlsAsync(handshake, cancellationToken)
            && await HelloAsync(cancellationToken) is { } refusalUnderTls) return new SmtpOpening(refusalUnderTls, SmtpClientPhase.Helo);

        if (settings.Policy is { } wanted && await wanted.ServerAsync(Tls, StartTlsRefusal, cancellationToken) is { } notGoodEnough) return new SmtpOpening(notGoodEnough, SmtpClientPhase.StartTls);

        // :: 4. AUTH
        SmtpClientAuthentication? here = settings.Policy is { } known && Extensions.Auth ? await known.AuthenticationAsync(cancellationToken) : null;
        if ((here ?? settings.Authentication) is { } with && Extensions.Auth) await AuthenticateAsync(with, cancellationToken);
        if (IsClosing) return new SmtpOpening(AuthRefusal!, SmtpClientPhase.Auth);
        return default;
    }

    /// <summary>Null: welcome.</summary>
    private async ValueTask<SmtpReply?> HelloAsync(CancellationToken cancellationToken)
    {
        Extensions = SmtpExtensions.None;
        string verb = settings.IsLmtp ? "LHLO" : "EHLO";
        SmtpReply reply = await CommandAsync($"{verb} {settings.HeloName}\r\n", SmtpClientPhase.Helo, cancellationToken);
        if (reply.Code == 250)
        {
            Extensions = SmtpExtensions.Parse(reply);
            return null;
        }

        // RFC 5321 §3.2, and sendmail 8.17, oracle 89 (mx2): any 5yz to EHLO, then HELO. LMTP has nothing to fall back to (RFC 2033 §4.1), and under TLS a peer knows EHLO.
        if (!reply.IsPermanent || settings.IsLmtp || Tls is not null) return NotAnAnswer(reply);
        reply = await CommandAsync($"HELO {settings.HeloName}\r\n", SmtpClientPhase.Helo, cancellationToken);
        return reply.Code == 250 ? null : NotAnAnswer(reply);
    }

    /// <summary>A negative reply as it is; a positive one that is not the one asked for says nothing permanent.</summary>
    private static SmtpReply NotAnAnswer(SmtpReply reply) => reply.Code >= 400 ? reply : SmtpReply.Of(451, "4.5.0", $"unexpected reply: {reply.Code}");

    /// <summary>True when TLS is on. False: the peer did not want to after all, and the session goes on in clear, as sendmail's does (oracle 25, mx8).</summary>
    private async ValueTask<bool> StartTlsAsync(ClientHandshake handshake, CancellationToken cancellationToken)
    {
        SmtpReply reply = await CommandAsync("STARTTLS\r\n", SmtpClientPhase.StartTls, cancellationToken);
        if (reply.Code != 220)
        {
            StartTlsRefusal = NotAnAnswer(reply);
            return false;
        }

        // What is already here was sent in clear, before the handshake, and would later be taken for a reply under TLS.
        if (reader.HasBuffered)
        {
            isLost = true;
            throw new SmtpProtocolException(SmtpConnectionLoss.ReplyInjection, SmtpClientPhase.StartTls, "octets in clear follow the reply to STARTTLS");
        }

        phaseTimer.Change(settings.Timeouts.StartTls, Timeout.InfiniteTimeSpan);
        try
        {
            TlsLayer layer = await handshake(stream, peerName, life.Token);
            stream = layer.Stream;
            reader.Continue(stream);
            writer.Continue(stream);
            Tls = layer.Facts;
            return true;
        }
        catch (AuthenticationException e)
        {
            isLost = true;
            throw new SmtpProtocolException(SmtpConnectionLoss.Security, SmtpClientPhase.StartTls, e.Message, e);
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e, SmtpClientPhase.StartTls, cancellationToken);
        }
        finally
        {
            phaseTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
