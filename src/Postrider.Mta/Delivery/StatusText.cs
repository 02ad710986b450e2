using System.Globalization;
using Postrider.Mail;
using Postrider.Smtp.Client;

namespace Postrider.Mta.Delivery;

/// <summary>sendmail's <c>stat=</c> texts and the status for replies that carry none.</summary>
internal static class StatusText
{
    /// <summary>A remote reply as <c>reply=</c> and Diagnostic-Code show it: code, status, and the lines joined by blanks.</summary>
    public static string Joined(SmtpReply reply) => OneLine(reply, string.Join(' ', reply.Lines));

    /// <summary>The reply by its last line, as <c>stat=</c> shows it.</summary>
    public static string Last(SmtpReply reply) => OneLine(reply, reply.Lines[^1]);

    /// <summary>The status of a reply that carries none, by its code (RFC 5321 §4.2.2, RFC 3463 §3).</summary>
    public static EnhancedStatusCode StatusOf(SmtpReply reply, SmtpClientPhase phase)
    {
        if (reply.Status is { } given) return given;
        int kind = reply.Code / 100;

        // sendmail 8.17, oracle 89 (mx9, mx10): before EHLO no status in the text counts; dsn=4.5.0 and dsn=5.5.0
        (int subject, int detail) = phase is SmtpClientPhase.Greeting or SmtpClientPhase.Helo ? (5, 0) : reply.Code switch
        {
            421 => (3, 2),
            450 => (2, 0),
            451 => (3, 0),
            452 => (3, 1),
            454 or 530 or 535 => (7, 0),
            500 or 501 or 502 or 503 => (5, 2),
            504 or 555 => (5, 4),
            550 when phase == SmtpClientPhase.Rcpt => (1, 1),
            551 => (1, 6),
            552 => (2, 2),
            553 => phase == SmtpClientPhase.Mail ? (1, 8) : (1, 3),
            _ => (0, 0),
        };
        return new EnhancedStatusCode(kind, subject, detail);
    }

    /// <summary>The words for a permanent reply. sendmail 8.17, oracle 25, 50, 89: 550 to RCPT is User unknown, 553 to MAIL is Data format error, the rest Service unavailable.</summary>
    public static string ForPermanent(SmtpReply reply, SmtpClientPhase phase) => (phase, reply.Code) switch
    {
        (SmtpClientPhase.Rcpt, 550 or 551 or 553) => "User unknown",
        (SmtpClientPhase.Mail, 501 or 553) => "Data format error",
        _ => "Service unavailable",
    };

    /// <summary>The words for a status given by configuration: what a <c>$#error</c> says when it says nothing.</summary>
    public static string For(EnhancedStatusCode status) => status switch
    {
        { Class: 4 } => "Deferred",
        { Subject: 1, Detail: 1 or 6 } => "User unknown",
        { Subject: 1, Detail: 2 } => "Host unknown",
        { Subject: 1, Detail: 3 or 7 or 8 } => "Data format error",
        { Subject: 3, Detail: 5 } or { Subject: 4, Detail: 6 } => "Local configuration error",
        { Subject: 5 } => "Data format error",
        _ => "Service unavailable",
    };

    private static string OneLine(SmtpReply reply, string text) => reply.Status is { } status
        ? string.Create(CultureInfo.InvariantCulture, $"{reply.Code} {status} {text}")
        : string.Create(CultureInfo.InvariantCulture, $"{reply.Code} {text}");
}
