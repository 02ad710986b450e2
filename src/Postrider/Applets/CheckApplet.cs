using System.Collections.Immutable;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;

namespace Postrider.Cli.Applets;

/// <summary><c>postrider check</c>: reads the configuration and the files that it names as the daemon would, and says everything that is wrong with them, at once.</summary>
internal static class CheckApplet
{
    private const string Usage = "postrider check [-C FILE]";

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        LongOptions options = LongOptions.Parse(context.Arguments, Usage, ["-C"], []);
        return await CheckAsync(context, new FileSiteSource(options["-C"] ?? (options.Operands is [{ } file] ? file : FileSiteSource.DefaultPath), []));
    }

    public static async Task<SysExit> CheckAsync(AppletContext context, ISiteSource source)
    {
        SiteReading reading = source.Read();
        foreach (string diagnostic in reading.Diagnostics) await context.Error.WriteLineAsync(diagnostic);
        if (reading.Configuration is null) return reading.Exit;
        ImmutableArray<string> found = SiteInspection.Inspect(reading.Configuration, source.Name, context.Time, out bool starts);
        foreach (string diagnostic in found) await context.Error.WriteLineAsync(diagnostic);
        if (!starts) return SysExit.Configuration;
        int count = found.Length + reading.Diagnostics.Length;
        string verdict = count == 0 ? "nothing to mend" : $"it starts, with {(count == 1 ? "the remark" : "the remarks")} above";
        await context.Output.WriteLineAsync($"{source.Name}: {reading.Configuration.HostName}, {reading.Configuration.Listeners.Length} listeners: {verdict}");
        return SysExit.Ok;
    }
}
