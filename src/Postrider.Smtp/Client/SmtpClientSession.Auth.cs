using System.Buffers.Text;
using System.Text;
using Postrider.Mail;
using Postrider.Smtp.Sasl;

namespace Postrider.Smtp.Client;

/// <remarks>AUTH as a client (RFC 4954 §4): the mechanisms both sides have, strongest first, until one succeeds.</remarks>
public sealed partial class SmtpClientSession
{
    /// <summary>RFC 4954 §4: the AUTH command with its initial response may not be longer than a command line may; a longer one answers the empty challenge instead.</summary>
    private const int MaxAuthLine = 512;

    /// <summary>The mechanism that succeeded; null: not authenticated.</summary>
    public string? AuthenticatedBy { get; private set; }

    /// <summary>The reply to the last mechanism that failed; null: none did.</summary>
    public SmtpReply? AuthRefusal { get; private set; }

    /// <summary>Tries the mechanisms in turn. When all fail the session goes on unauthenticated, as sendmail's does (oracle 34), and the peer decides.</summary>
    private async ValueTask AuthenticateAsync(SmtpClientAuthentication with, CancellationToken cancellationToken)
    {
        foreach (string mechanism in SaslClient.Choose(Extensions.AuthMechanisms, with.Mechanisms, Tls, with.PlainInClear))
        {
            using ISaslClientExchange? exchange = SaslClient.Begin(mechanism, with.Credentials, Extensions.AuthMechanisms, Tls);
            if (exchange is null) continue;
            SmtpReply reply = await ExchangeAsync(exchange, cancellationToken);
            if (reply.Code == 235 && exchange.MayComplete)
            {
                AuthenticatedBy = exchange.Mechanism;
                return;
            }

            if (reply.Code == 235)
            {
                // It took the name without proving that it knows the password: somebody else is answering.
                isLost = true;
                throw new SmtpProtocolException(SmtpConnectionLoss.Security, SmtpClientPhase.Auth, $"the peer accepted {exchange.Mechanism} without its own proof");
            }

            AuthRefusal = NotAnAnswer(reply);
            if (IsClosing) return;
        }
    }

    private async ValueTask<SmtpReply> ExchangeAsync(ISaslClientExchange exchange, CancellationToken cancellationToken)
    {
        byte[]? initial = exchange.InitialResponse();
        string command = $"AUTH {exchange.Mechanism}";
        string? argument = initial is null ? null : initial.Length == 0 ? "=" : Convert.ToBase64String(initial);
        bool fits = argument is not null && command.Length + argument.Length + 3 <= MaxAuthLine;
        SmtpReply reply = await CommandAsync(fits ? $"{command} {argument}\r\n" : $"{command}\r\n", SmtpClientPhase.Auth, cancellationToken);
        if (reply.Code == 334 && initial is not null && !fits) reply = await CommandAsync(Convert.ToBase64String(initial) + "\r\n", SmtpClientPhase.Auth, cancellationToken);

        // No mechanism of ours has more than three challenges; a peer must not keep us here.
        for (int steps = 0; reply.Code == 334; steps++)
        {
            byte[]? response = steps < 8 && Decode(reply.Lines[^1]) is { } challenge ? exchange.Respond(challenge) : null;
            reply = await CommandAsync(response is null ? "*\r\n" : Convert.ToBase64String(response) + "\r\n", SmtpClientPhase.Auth, cancellationToken);
            if (response is null) return reply.Code == 334 ? SmtpReply.Of(501, "5.5.0", "AUTH cancelled") : NotAnAnswer(reply);
        }

        return reply;
    }

    private static byte[]? Decode(string text)
    {
        byte[] octets = Encoding.ASCII.GetBytes(text.Trim());
        if (!Base64.IsValid(octets)) return null;
        return Convert.FromBase64String(text.Trim());
    }
}
