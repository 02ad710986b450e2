using System.Globalization;
using Postrider.Mail;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>From a program's exit code to what became of its recipients. Codes, statuses and words as sendmail 8.17 has them (asked for every code of sysexits.h).</summary>
internal static class MailerExits
{
    public static RecipientOutcome Outcome(int recipient, MailerDefinition mailer, MailerExit exit)
    {
        ReasonChain reasons = ReasonChain.Of(ReasonKind.Local, exit.Trouble is { } trouble ? $"mailer {mailer.Name}: {trouble}" : Ended(mailer, exit));
        if (exit is { Code: 0, Signal: 0, Trouble: null })
            return new RecipientOutcome(recipient, OutcomeKind.Delivered, new EnhancedStatusCode(2, 0, 0), "Sent") { Reasons = reasons };

        // A program that was killed is tried again, as one that asks for it; sendmail words both alike.
        (EnhancedStatusCode status, string words) = exit.Signal != 0 || exit.Trouble is not null ? TemporaryFailure(mailer) : exit.Code switch
        {
            64 => (new(5, 0, 0), "Command line usage error"),
            65 => (new(5, 6, 0), "Data format error"),
            66 => (new(5, 3, 0), "Cannot open input"),
            67 => (new(5, 1, 1), "User unknown"),
            68 => (new(5, 1, 2), "Host unknown"),
            69 => (new(5, 0, 0), "Service unavailable"),
            70 => (new(5, 3, 0), "Internal error"),
            71 => (new(4, 0, 0), "Operating system error"),
            72 => (new(5, 3, 5), "System file missing"),
            73 => (new(5, 0, 0), "Can't create output"),
            74 => (new(4, 0, 0), "I/O error"),
            75 => TemporaryFailure(mailer),
            76 => (new(5, 5, 0), "Remote protocol error"),
            77 => (new(5, 0, 0), "Insufficient permission"),
            78 => (new(5, 3, 5), "Local configuration error"),
            _ => (new EnhancedStatusCode(5, 3, 0), string.Create(CultureInfo.InvariantCulture, $"unknown mailer error {exit.Code}")),
        };
        return new RecipientOutcome(recipient, status.IsTransient ? OutcomeKind.Deferred : OutcomeKind.Failed, status, words)
        {
            Reasons = reasons,
            Output = Lines(exit.Output),
            ReportedReason = exit.Code is > 0 and not (>= 64 and <= 78) ? exit.Code.ToString(CultureInfo.InvariantCulture) : null,
            LocalReply = status.IsTransient || exit.Code is 66 or 67 or 68 or 73 or 77 ? null : $"{Code(exit.Code)} {status} {words}",
            Diagnostic = exit.Trouble is null && exit.Signal == 0 ? string.Create(CultureInfo.InvariantCulture, $"{mailer.Types.Diagnostic}; {exit.Code}") : null,
        };
    }

    private static (EnhancedStatusCode Status, string Words) TemporaryFailure(MailerDefinition mailer) =>
        (new EnhancedStatusCode(4, 0, 0), $"Deferred: {mailer.Name} mailer ({mailer.Path}) exited with EX_TEMPFAIL");

    /// <summary>The reply code of the line in a report's transcript, for those that do not name the address.</summary>
    private static string Code(int exit) => exit switch { 64 => "500", 65 => "501", _ => "554" };

    private static string Ended(MailerDefinition mailer, MailerExit exit) => exit.Signal != 0
        ? string.Create(CultureInfo.InvariantCulture, $"mailer {mailer.Name} died with signal {exit.Signal}")
        : string.Create(CultureInfo.InvariantCulture, $"mailer {mailer.Name} exited with {exit.Code}");

    private static string[] Lines(string output) => [.. output.Split('\n').Select(static line => line.TrimEnd()).Where(static line => line.Length > 0)];
}
