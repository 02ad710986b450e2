using Postrider.Mail;
using Postrider.Smtp.Grammar;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Server;

internal sealed partial class SmtpServerSession
{
    private bool OffersTls => facts.Tls is null && !facts.Listener.NoStartTls && !facts.Features.NoStartTls && server.Tls is { IsAvailable: true };

    private async ValueTask<SmtpReply?> StartTlsAsync(SmtpCommand command)
    {
        if (command.Argument.Length > 0) return SmtpReplies.TlsNoParameters;
        if (facts.Listener.NoStartTls || facts.Features.NoStartTls) return SmtpReplies.TlsNotOffered;
        if (!OffersTls) return SmtpReplies.TlsUnavailable;

        // RFC 3207 §6, CVE-2011-0411: octets that came with STARTTLS are clear text that somebody may have slipped in. Looked at before the 220,
        // because afterwards they may be a fast client's ClientHello. Differs from sendmail (oracle 20), which drops them and goes on: ours ends the session.
        if (wire.HasBuffered) return SmtpReplies.EarlyTalkerEnds;
        Say("STARTTLS", SmtpReplies.TlsReady);
        await wire.FlushAsync();
        if (!await HandshakeAsync())
        {
            isClosing = true;
            return null;
        }

        // RFC 3207 §4.2: the server must forget what it learnt before. Differs from sendmail (oracle 31), which remembers AUTH.
        facts.HeloName = null;
        facts.IsExtended = false;
        facts.Auth = null;
        SmtpReply? refusal = await handler.TlsAsync(facts.Tls!, wire.Token);
        rejection = refusal ?? rejection;
        return refusal is { Code: 421 } ? refusal : null;
    }

    /// <summary>False: no TLS came up, and the session ends without another word; it never falls back to clear text.</summary>
    private async ValueTask<bool> HandshakeAsync()
    {
        if (server.Tls is not { IsAvailable: true } tls)
        {
            handler.TlsFailed("TLS is not configured");
            return false;
        }

        try
        {
            wire.SetDeadline(settings.Timeouts.StartTls);
            wire.Arm();
            TlsLayer layer = await tls.AuthenticateAsync(wire.Stream, wire.Token);
            wire.SetDeadline(Timeout.InfiniteTimeSpan);
            await wire.UpgradeAsync(layer.Stream);
            facts.Tls = layer.Facts;
            trace?.Event("TLS");
            return true;
        }
        catch (Exception e)
        {
            // Whatever went wrong: the peer may be in the middle of a handshake, and nothing is said in clear any more.
            handler.TlsFailed(wire.HasTimedOut ? "timeout" : e.Message);
            wire.SetDeadline(Timeout.InfiniteTimeSpan);
            wire.Lose();
            return false;
        }
    }
}
