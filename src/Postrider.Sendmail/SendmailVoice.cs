using System.Collections.Immutable;

namespace Postrider.Sendmail;

/// <summary>What sendmail would print about a configuration file, and with which status it would end.</summary>
/// <param name="Lines">In the order of the file. What only we find fault with is not among them, unless it is the reason why the file is refused.</param>
/// <param name="ExitStatus">A status from <c>sysexits.h</c>; 0: nothing is refused.</param>
/// <remarks>sendmail 8.17, asked: it reads on to the end and ends with the status of the first error; over an unknown mode (64) it ends at once.</remarks>
public sealed record SendmailVoice(ImmutableArray<string> Lines, int ExitStatus)
{
    private const int UsageError = 64;

    public static SendmailVoice Of(IEnumerable<Diagnostic> found)
    {
        ImmutableArray<string>.Builder lines = ImmutableArray.CreateBuilder<string>();
        int status = 0;
        // What concerns the file as a whole is seen at its end.
        Diagnostic[] all = [.. found.OrderBy(static one => one.Line > 0 ? one.Line : int.MaxValue)];
        bool isRefused = all.Any(static one => one is { Severity: Severity.Error, SendmailText: not null });
        foreach (Diagnostic one in all)
        {
            bool isError = one.Severity == Severity.Error && (one.SendmailText is not null || !isRefused);
            if (one.SendmailText is { } text) { lines.Add(text); }
            else if (isError) { lines.Add(one.Line > 0 ? Diagnostic.InSendmailsForm(one.File, one.Line, one.Message) : one.ToString()); }
            if (!isError) { continue; }
            if (one.ExitStatus == UsageError) { return new SendmailVoice(lines.ToImmutable(), UsageError); }
            if (status == 0) { status = one.ExitStatus; }
        }
        return new SendmailVoice(lines.ToImmutable(), status);
    }
}
