using System.Text;

namespace Postrider.Sendmail.Cf;

/// <summary>What is wrong with the lines of a cf, collected under the number of the line that is being read.</summary>
internal sealed class CfReport(string fileName)
{
    // Enough to know the line again; a line of a megabyte is not repeated whole.
    private const int MaxMessage = 500;

    private readonly List<Diagnostic> _diagnostics = [];
    private CfLine _line = new(0, "");

    internal IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>What follows is about this line.</summary>
    internal void At(CfLine line) => _line = line;

    /// <summary>sendmail refuses the line with these words, and so do we. Null, so that the caller can give back no line.</summary>
    internal CfLine? Refuse(string message, string? remedy = null, int exitStatus = 70)
    {
        Add(Severity.Error, message, remedy, Placed(message), exitStatus);
        return null;
    }

    /// <summary>sendmail says this and goes on.</summary>
    internal void Say(string message, string? remedy = null) => Add(Severity.Warning, message, remedy, Placed(message), 0);

    /// <summary>sendmail says this without a place, and goes on.</summary>
    internal void Grumble(string message, string? remedy = null) => Add(Severity.Warning, message, remedy, Clean(message, newlines: true), 0);

    /// <summary>sendmail refuses the file over this, but names no place.</summary>
    internal void Condemn(string message) => Add(Severity.Error, message, null, Clean(message, newlines: true), 70);

    /// <summary>sendmail takes it without a word; the site's owner should know all the same.</summary>
    internal void Warn(string message, string? remedy = null) => Add(Severity.Warning, message, remedy, null, 0);

    /// <summary>sendmail takes it, we cannot.</summary>
    internal CfLine? Reject(string message, string? remedy = null)
    {
        Add(Severity.Error, message, remedy, null, 78);
        return null;
    }

    private void Add(Severity severity, string message, string? remedy, string? sendmailText, int exitStatus) =>
        _diagnostics.Add(new Diagnostic(severity, fileName, _line.Line, Clean(message, newlines: false), remedy is null ? null : Clean(remedy, newlines: false)) { SendmailText = sendmailText, ExitStatus = exitStatus });

    private string Placed(string message) => Diagnostic.InSendmailsForm(fileName, _line.LastLine, Clean(message, newlines: true));

    /// <summary>Nothing of a file reaches a terminal or a log that could command it.</summary>
    private static string Clean(string message, bool newlines)
    {
        bool isShort = message.Length <= MaxMessage;
        if (isShort && !message.AsSpan().ContainsAnyExceptInRange(' ', '~')) { return message; }
        var clean = new StringBuilder(Math.Min(message.Length, MaxMessage) + 3);
        foreach (char c in message.AsSpan(0, Math.Min(message.Length, MaxMessage)))
        {
            clean.Append(c is >= ' ' and <= '~' || (newlines && c is '\n' or '\t') ? c : c is '\n' or '\t' ? ' ' : '?');
        }
        return isShort ? clean.ToString() : clean.Append("...").ToString();
    }
}
