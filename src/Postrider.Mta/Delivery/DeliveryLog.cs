using Microsoft.Extensions.Logging;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Delivery;

/// <summary>What delivery tells the operator, apart from the outcomes.</summary>
internal static partial class DeliveryLog
{
    // sendmail 8.17, oracle 89: SYSERR(root): MX list for loop.example.org. points back to mx.oracle.test
    [LoggerMessage(3101, LogLevel.Critical, "{QueueId}: SYSERR: {Alarm}")]
    public static partial void MailLoop(this ILogger logger, string queueId, string alarm);

    [LoggerMessage(3102, LogLevel.Warning, "{QueueId}: delivery attempt cut short: {Reason}")]
    public static partial void AttemptCutShort(this ILogger logger, string queueId, string reason);

    // sendmail 8.17, oracle 89: timeout waiting for input from mx19.example.org. during client greeting
    [LoggerMessage(3103, LogLevel.Warning, "{QueueId}: timeout waiting for input from {Host} during client {Phase}")]
    public static partial void PeerSilent(this ILogger logger, string queueId, string host, string phase);

    // sendmail 8.17, oracle 25: STARTTLS=client, relay=mx6.example.org., version=TLSv1.3, verify=OK, cipher=TLS_AES_256_GCM_SHA384, bits=256/256
    [LoggerMessage(3104, LogLevel.Information, "STARTTLS=client, relay={Relay}, version={Version}, verify={Verify}, cipher={Cipher}, bits={Bits}/{AlgorithmBits}")]
    private static partial void TlsStarted(this ILogger logger, string relay, string version, string verify, string cipher, int bits, int algorithmBits);

    public static void TlsStarted(this ILogger logger, string relay, string version, TlsVerify verify, string cipher, int bits, int algorithmBits)
    {
        if (logger.IsEnabled(LogLevel.Information)) logger.TlsStarted(relay, version, verify.ToString().ToUpperInvariant(), cipher, bits, algorithmBits);
    }

    [LoggerMessage(3105, LogLevel.Information, "{QueueId}: STARTTLS=client, relay={Relay}, not started: {Reply}")]
    public static partial void TlsRefused(this ILogger logger, string queueId, string relay, string reply);

    [LoggerMessage(3106, LogLevel.Error, "{QueueId}: mailbox {Mailbox}: {Reason}")]
    public static partial void MailboxFailed(this ILogger logger, string queueId, string mailbox, string reason);

    // sendmail 8.17, oracle 34: AUTH=client, relay=mx16.example.org., mech=PLAIN, bits=0
    [LoggerMessage(3107, LogLevel.Information, "AUTH=client, relay={Relay}, mech={Mechanism}, bits=0")]
    public static partial void Authenticated(this ILogger logger, string relay, string mechanism);

    [LoggerMessage(3108, LogLevel.Warning, "{QueueId}: AUTH=client, relay={Relay}, failed: {Reply}")]
    public static partial void AuthenticationFailed(this ILogger logger, string queueId, string relay, string reply);

    // sendmail 8.17, asked: SYSERR(root): mailer prog died with signal 9
    [LoggerMessage(3109, LogLevel.Critical, "{QueueId}: SYSERR: mailer {Mailer} {Trouble}")]
    public static partial void MailerFailed(this ILogger logger, string queueId, string mailer, string trouble);
}
