using Postrider.Sendmail;
using Postrider.Sendmail.Cf;

namespace Postrider.Mta.Configuration;

/// <summary>Something wrong with the source of a class.</summary>
/// <param name="ExitStatus">With which sendmail ends over an error: 71 for what the system refuses, else 70.</param>
/// <param name="Remedy">What to run instead; null: nothing better than the message.</param>
public sealed record ClassFileProblem(Severity Severity, string Message, int ExitStatus, string? Remedy = null)
{
    /// <summary>As a finding of the file that holds the line. sendmail says its errors only.</summary>
    public Diagnostic At(string fileName, CfLine line) => new(Severity, fileName, line.Line, Message, Remedy)
    {
        ExitStatus = ExitStatus,
        SendmailText = Severity == Severity.Error ? Diagnostic.InSendmailsForm(fileName, line.LastLine, Message) : null,
    };
}
