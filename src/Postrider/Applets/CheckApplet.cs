using Postrider.Cli.Options;
using Postrider.Mta.Hosting;

namespace Postrider.Cli.Applets;

/// <summary><c>postrider check</c>: reads the configuration as the daemon would and says everything that is wrong with it, at once.</summary>
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
        await context.Output.WriteLineAsync($"{source.Name}: {reading.Configuration.HostName}, {reading.Configuration.Listeners.Length} listeners, no errors");
        return SysExit.Ok;
    }
}
