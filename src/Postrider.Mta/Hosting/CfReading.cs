using System.Collections.Immutable;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Mc;

namespace Postrider.Mta.Hosting;

/// <summary>A configuration file, read line by line.</summary>
/// <param name="Document">Null: there is nothing to work with. It may hold lines that are refused; its own diagnostics say so.</param>
/// <param name="Found">What is wrong with the file as a whole, or with the macros that made it.</param>
public sealed record CfReading(CfDocument? Document, ImmutableArray<Diagnostic> Found)
{
    /// <summary>How the lines were made; null: the file holds them as they are.</summary>
    public McResult? Built { get; init; }

    /// <summary>The exit code when there is no document: 72 for a file that cannot be opened, 70 for an option nobody knows (oracle 81), else 78.</summary>
    public SysExit Exit { get; init; }

    /// <summary>What a program of sendmail's name says when there is no document.</summary>
    public SendmailVoice Sendmail => SendmailVoice.Of(Found);
}
