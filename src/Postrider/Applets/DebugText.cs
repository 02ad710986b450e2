using System.Globalization;
using System.Runtime.InteropServices;
using Postrider.Cli.Options;
using Postrider.Mta.Configuration;

namespace Postrider.Cli.Applets;

/// <summary>What <c>-d0</c> shows: version, build, and, once the configuration is read, who this host is (sendmail 8.17, oracle 81).</summary>
internal static class DebugText
{
    public static string Version { get; } = typeof(DebugText).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static async Task WriteAsync(AppletContext context, SendmailOptions options)
    {
        if (!Covers(options.Debug!, 0)) return;
        await context.Output.WriteLineAsync($"Version {Version}");
        await context.Output.WriteLineAsync($" Compiled with: DNSMAP NETINET NETINET6 NETUNIX PIPELINING STARTTLS ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
    }

    public static async Task WriteIdentityAsync(AppletContext context, SiteConfiguration site)
    {
        int dot = site.HostName.IndexOf('.', StringComparison.Ordinal);
        await context.Output.WriteLineAsync("\n============ SYSTEM IDENTITY (after readcf) ============");
        await context.Output.WriteLineAsync($"      (short domain name) $w = {(dot < 0 ? site.HostName : site.HostName[..dot])}");
        await context.Output.WriteLineAsync($"  (canonical domain name) $j = {site.HostName}");
        await context.Output.WriteLineAsync($"         (subdomain name) $m = {(dot < 0 ? "" : site.HostName[(dot + 1)..])}");
        await context.Output.WriteLineAsync($"              (node name) $k = {Environment.MachineName}");
        await context.Output.WriteLineAsync("========================================================\n");
    }

    /// <summary>Whether a list such as <c>0.1,37.8</c> or <c>0-99.1</c> turns a category on at level 1.</summary>
    private static bool Covers(string list, int category)
    {
        foreach (string item in list.Split(','))
        {
            string[] parts = item.Trim().Split('.', 2);
            if (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int level) && level < 1) continue;
            string[] range = parts[0].Split('-', 2);
            if (!int.TryParse(range[0], NumberStyles.None, CultureInfo.InvariantCulture, out int from)) continue;
            int to = range.Length == 2 && int.TryParse(range[1], NumberStyles.None, CultureInfo.InvariantCulture, out int end) ? end : from;
            if (from <= category && category <= to) return true;
        }

        return false;
    }
}
