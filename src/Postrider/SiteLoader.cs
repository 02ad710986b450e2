using Postrider.Cli.Options;
using Postrider.Mta.Hosting;

namespace Postrider.Cli;

/// <summary>Reads the configuration for an applet; its findings go to standard error.</summary>
internal static class SiteLoader
{
    /// <param name="path">-C; null: <see cref="FileSiteSource.DefaultPath"/>.</param>
    /// <param name="lines">What the command line adds.</param>
    /// <param name="asSendmail">Errors are told in sendmail's words and with its exit status; what it does not grumble about is not told.</param>
    /// <exception cref="UsageException">There is no configuration to work with.</exception>
    public static async Task<LoadedSite> LoadAsync(AppletContext context, string? path, IReadOnlyList<string> lines, bool asSendmail, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileSiteSource source = new(path ?? FileSiteSource.DefaultPath, lines);
        SiteReading reading = source.Read();
        IReadOnlyList<string> told = asSendmail ? reading.Sendmail.Lines : reading.Diagnostics;
        if (reading.Configuration is null) throw new UsageException(string.Join('\n', told), asSendmail ? (SysExit)reading.Sendmail.ExitStatus : reading.Exit);
        foreach (string diagnostic in told) await context.Error.WriteLineAsync(diagnostic);
        return new LoadedSite(reading.Configuration, source);
    }
}
