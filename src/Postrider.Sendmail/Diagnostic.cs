namespace Postrider.Sendmail;

/// <summary>One finding in a configuration text, with its place.</summary>
/// <param name="Severity">Errors refuse the configuration; warnings and notes do not.</param>
/// <param name="File">Name of the file as it was given, or the macro library's name; empty when no file is concerned.</param>
/// <param name="Line">Line number from 1, or 0 when the finding concerns the file as a whole.</param>
/// <param name="Message">One line, without file and line.</param>
/// <param name="Remedy">What to write or to run instead, one line; null if there is nothing better to say than the message.</param>
public sealed record Diagnostic(Severity Severity, string File, int Line, string Message, string? Remedy = null)
{
    /// <summary>
    /// The line that sendmail prints for the same finding, to the letter; null when it prints none: the finding is ours alone. For the names under which programs expect sendmail's words.
    /// </summary>
    public string? SendmailText { get; init; }

    /// <summary>For an error, the status from <c>sysexits.h</c> with which a program of sendmail's name ends: sendmail's own, or 78 (configuration) for what only we refuse.</summary>
    public int ExitStatus { get; init; } = 78;

    /// <summary>sendmail's form of a finding in a configuration file: <c>file: line 7: message</c>; the message alone when it was in no file.</summary>
    /// <param name="lastLine">The last physical line of the logical one: that is the number sendmail tells.</param>
    public static string InSendmailsForm(string file, int lastLine, string message) => file.Length == 0 ? message : $"{file}: line {lastLine}: {message}";

    /// <summary>The finding as <c>file(line): message</c>, the remedy in parentheses behind it.</summary>
    public override string ToString()
    {
        string place = File.Length == 0 ? "" : Line > 0 ? $"{File}({Line}): " : $"{File}: ";
        string grade = Severity switch { Severity.Warning => "warning: ", Severity.Note => "note: ", _ => "" };
        return Remedy is null ? $"{place}{grade}{Message}" : $"{place}{grade}{Message} ({Remedy})";
    }
}
