using System.Collections.Immutable;
using Postrider.Mta.Configuration;
using Postrider.Sendmail;

namespace Postrider.Mta.Hosting;

/// <summary>What reading a configuration gave.</summary>
/// <param name="Configuration">Null when an error was found.</param>
/// <param name="Diagnostics">Everything found, in order, each with file and line.</param>
public sealed record SiteReading(SiteConfiguration? Configuration, ImmutableArray<string> Diagnostics)
{
    /// <summary>The exit code when there is no configuration: 72 for a file that cannot be opened, 70 for an option nobody knows (oracle 81), else 78.</summary>
    public SysExit Exit { get; init; } = SysExit.Configuration;

    /// <summary>The same, as a program of sendmail's name says it and ends with it.</summary>
    public SendmailVoice Sendmail { get; init; } = new([], 0);
}
