using Postrider.Cli.Options;
using Postrider.Mta.Hosting;

namespace Postrider.Cli;

/// <summary>Reads the configuration for an applet; its findings go to standard error.</summary>
internal static class SiteLoader
{
    /// <param name="path">-C; null: <see cref="FileSiteSource.DefaultPath"/>.</param>
    /// <param name="lines">What the command line adds.</param>
    /// <exception cref="UsageException">There is no configuration to work with.</exception>
    public static async Task<LoadedSite> LoadAsync(AppletContext context, string? path, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileSiteSource source = new(path ?? FileSiteSource.DefaultPath, lines);
        SiteReading reading = source.Read();
        if (reading.Configuration is null) throw new UsageException(string.Join('\n', reading.Diagnostics), reading.Exit);
        foreach (string diagnostic in reading.Diagnostics) await context.Error.WriteLineAsync(diagnostic);
        return new LoadedSite(reading.Configuration, source);
    }
}
