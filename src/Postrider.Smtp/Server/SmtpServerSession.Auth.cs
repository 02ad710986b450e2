using System.Text;
using Postrider.Mail;
using Postrider.Smtp.Grammar;
using Postrider.Smtp.Sasl;

namespace Postrider.Smtp.Server;

internal sealed partial class SmtpServerSession
{
    /// <summary>Octets of an overlong response that are skipped before the session gives up on the peer.</summary>
    private const int MaxSkippedAuthOctets = 1 << 20;

    private readonly FloodBrake authBrake = new();

    private IReadOnlyList<string> Mechanisms
    {
        get
        {
            if (facts.Listener.NoAuth || facts.Features.NoAuth || server.Sasl is null) return [];
            IReadOnlyList<string> offered = server.Sasl.MechanismsFor(facts.Tls);
            return facts.Tls is null && facts.Features.NoPasswordsInClear ? [.. offered.Where(static name => name is not ("PLAIN" or "LOGIN"))] : offered;
        }
    }

    /// <summary>AUTH (RFC 4954 §4). Accepted before EHLO and after HELO, as in sendmail (oracle 31).</summary>
    private async ValueTask<SmtpReply?> AuthAsync(SmtpCommand command)
    {
        IReadOnlyList<string> mechanisms = Mechanisms;
        if (mechanisms.Count == 0) return SmtpReplies.AuthNotOffered;
        if (facts.Auth is not null) return SmtpReplies.AuthTwice;
        if (command.Argument.Length == 0) return SmtpReplies.AuthNoMechanism;
        await BrakeAsync(authBrake, mechanisms.Count + 1, "AUTH");

        int blank = command.Argument.IndexOfAny([' ', '\t']);
        string name = blank < 0 ? command.Argument : command.Argument[..blank];
        string? initial = blank < 0 ? null : command.Argument[blank..].Trim(' ', '\t');
        ReadOnlyMemory<byte>? response = null;
        if (initial is not null)
        {
            // RFC 4954 §4: "=" is an empty initial response.
            if (initial == "=") response = ReadOnlyMemory<byte>.Empty;
            else if (TryDecode(initial, out byte[] decoded)) response = decoded;
            else return SmtpReplies.AuthInitialNotBase64(initial);
        }

        string mechanism = name.ToUpperInvariant();
        using ISaslServerExchange? exchange = mechanisms.Contains(mechanism, StringComparer.OrdinalIgnoreCase) ? server.Sasl!.Begin(mechanism, facts.Tls) : null;
        if (exchange is null) return SmtpReplies.AuthNoSuchMechanism(name);
        mayHoldSecret = false;
        SmtpReply? reply = exchange.IsServerFirst && response is not null
            ? Failed(exchange, SaslReason.Protocol("Remote sent first but mech does not allow it."))
            : await ExchangeAsync(exchange, response);
        return reply;
    }

    private async ValueTask<SmtpReply?> ExchangeAsync(ISaslServerExchange exchange, ReadOnlyMemory<byte>? response)
    {
        while (true)
        {
            SaslStep step = await exchange.NextAsync(response, wire.Token);
            switch (step.Outcome)
            {
                case SaslOutcome.Failure:
                    return Failed(exchange, step.Reason, step.AuthenticationId);
                case SaslOutcome.TemporaryFailure:
                    handler.AuthEnded(exchange.Mechanism, false, step.AuthenticationId, step.Reason ?? "temporary failure");
                    return SmtpReplies.AuthTemporary;
                case SaslOutcome.Success when step.Data.IsEmpty:
                    return Succeeded(exchange, step);
            }

            (byte[]? next, SmtpReply? ended) = await ChallengeAsync(exchange, step.Data);
            if (next is null) return ended;
            if (step.Outcome == SaslOutcome.Success)
            {
                // RFC 4954 §4: the mechanism's last word goes as a challenge; the answer to it is empty.
                return next.Length == 0 ? Succeeded(exchange, step) : Failed(exchange, "data after the mechanism had ended");
            }

            response = next;
        }
    }

    /// <summary>334 and the line that answers it. Without octets the exchange is over, with that reply; without either, the peer is gone.</summary>
    private async ValueTask<(byte[]? Response, SmtpReply? Ended)> ChallengeAsync(ISaslServerExchange exchange, ReadOnlyMemory<byte> data)
    {
        Say("AUTH", SmtpReply.Of(334, null, Convert.ToBase64String(data.Span)));
        int length = await ReadLineAsync(settings.MaxAuthLine, settings.Timeouts.Auth);
        if (length == LineLost)
        {
            handler.AuthEnded(exchange.Mechanism, false, user: null, "the peer is gone");
            isClosing = true;
            return (null, null);
        }

        if (length == LineTooLong) return (null, await SkipLineAsync(exchange));
        ReadOnlySpan<byte> line = wire.Buffered.Span[..length];
        if (line.EndsWith("\r"u8)) line = line[..^1];
        string text = Encoding.Latin1.GetString(line);
        wire.Consume(length + 1);
        trace?.Client(text == "*" ? text : "****");
        if (text == "*")
        {
            handler.AuthEnded(exchange.Mechanism, false, user: null, "aborted by the client");
            return (null, SmtpReplies.AuthAborted);
        }

        if (TryDecode(text, out byte[] response)) return (response, null);
        handler.AuthEnded(exchange.Mechanism, false, user: null, "the response is not base64");
        return (null, SmtpReplies.AuthNotBase64(text));
    }

    /// <summary>The code of oracle 31. Differs from sendmail, which takes the rest of such a line for a command: ours skips it.</summary>
    private async ValueTask<SmtpReply?> SkipLineAsync(ISaslServerExchange exchange)
    {
        string head = Encoding.Latin1.GetString(wire.Buffered.Span[..SmtpEcho.Longest]);
        handler.AuthEnded(exchange.Mechanism, false, user: null, "the response is too long");
        trace?.Client("****");
        for (int skipped = 0; skipped < MaxSkippedAuthOctets;)
        {
            int found = wire.Buffered.Span.IndexOf((byte)'\n');
            int octets = found < 0 ? wire.Buffered.Length : found + 1;
            wire.Consume(octets);
            skipped += octets;
            if (found >= 0) return SmtpReplies.AuthNotBase64(head);
            if (!await wire.FillAsync(isIdle: false))
            {
                isClosing = true;
                return null;
            }
        }

        return SmtpReplies.TooLong(settings.HostName, facts.Relay);
    }

    private SmtpReply Succeeded(ISaslServerExchange exchange, SaslStep step)
    {
        string identity = step.AuthenticationId ?? throw new InvalidOperationException($"{exchange.Mechanism} succeeded for nobody");
        facts.Auth = new AuthFacts(exchange.Mechanism, identity, step.AuthorizationId ?? identity);
        handler.AuthEnded(exchange.Mechanism, true, identity, reason: null);
        return SmtpReplies.AuthOk.Because(ReasonKind.Auth, $"{exchange.Mechanism}: {SmtpEcho.Of(identity)}");
    }

    private SmtpReply Failed(ISaslServerExchange exchange, string? reason, string? user = null)
    {
        handler.AuthEnded(exchange.Mechanism, false, user, reason);
        return SmtpReplies.AuthFailed.Because(ReasonKind.Auth, $"{exchange.Mechanism}: {reason}");
    }

    /// <summary>Strict: Convert and Base64 skip blanks, a response must not have any.</summary>
    private static bool TryDecode(string text, out byte[] octets)
    {
        octets = [];
        if (text.AsSpan().IndexOfAny(" \t\r\n") >= 0) return false;
        byte[] target = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, target, out int written)) return false;
        octets = target.AsSpan(0, written).ToArray();
        return true;
    }
}
