namespace Postrider.Mta.Delivery.Mailers;

/// <summary>How a program mailer ended.</summary>
/// <param name="Code">Exit code, by sysexits.h; 75 when it could not be started or did not end in time.</param>
/// <param name="Signal">The signal that killed it; 0: none.</param>
/// <param name="Output">What it wrote on standard output and standard error, the first <see cref="MaxOutput"/> octets of it.</param>
/// <param name="Trouble">Why it did not run to its end, for the operator; null: it did.</param>
public sealed record MailerExit(int Code, int Signal, string Output, string? Trouble = null)
{
    /// <summary>More is read, so that the program does not block, and thrown away.</summary>
    public const int MaxOutput = 8192;

    public static MailerExit NotRun(string trouble) => new(75, 0, "", trouble);
}
