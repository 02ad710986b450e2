using System.Globalization;
using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>The commands that ask maps and the DNS: <c>/map /canon /mx /gethostbyname /dnslookup</c>.</summary>
internal sealed class TestModeLookups(TestModeSite site, RewriteContext context, TestModeReport report)
{
    private static readonly char[] Blanks = [' ', '\t'];

    internal async ValueTask MapAsync(string argument, CancellationToken cancellationToken)
    {
        string[] words = Words(argument, 2);
        if (words.Length == 0) { report.Print("Usage: /map mapname key\n"); return; }
        if (words.Length == 1) { report.Print("No key specified\n"); return; }
        if (site.Maps.Find(words[0]) is not { } map) { report.Print($"Map named \"{words[0]}\" not found\n"); return; }
        MapResult result = await map.BareAsync(words[1], [], context, cancellationToken).ConfigureAwait(false);
        string answer = result.Status switch
        {
            MapStatus.Found => $"returns {Metasymbol.Printable(result.Value)} (0)",
            MapStatus.TempFail => "no match (75)",
            _ => string.Create(CultureInfo.InvariantCulture, $"no match ({(result.ExitStatus != 0 ? result.ExitStatus : ExitStatus(map.Type))})"),
        };
        // sendmail writes the two as they come: its map speaks in the middle of the line.
        string spoken = result is { Status: MapStatus.TempFail, Reason: { } reason } ? reason + "\n" : "";
        report.Print($"map_lookup: {words[0]} ({words[1]}) {spoken}{answer}\n");
    }

    /// <summary>The name that the map <c>host</c> gives, without its dot; the name itself if it gives none. An address in brackets stays (oracle 80).</summary>
    internal async ValueTask CanonicalNameAsync(string host, CancellationToken cancellationToken)
    {
        string name = host;
        if (!host.StartsWith('[') && site.Maps.Find("host") is { } map)
        {
            MapResult result = await map.LookupAsync(host, [], context, cancellationToken).ConfigureAwait(false);
            if (result.Status == MapStatus.Found) { name = result.Value.TrimEnd('.'); }
        }
        report.Print($"getcanonname({host}) returns {name}\n");
    }

    internal async ValueTask ExchangersAsync(string domain, CancellationToken cancellationToken)
    {
        if (site.Network is not { } network) { report.Print("/mx: no resolver here\n"); return; }
        TestModeExchangers found = await network.MailExchangersAsync(domain, cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(found, TestModeExchangers.NullMx)) { report.Print($"getmxrr({domain}) returns null MX (See RFC7505)\n"); return; }
        int count = ReferenceEquals(found, TestModeExchangers.Unknown) ? -1 : found.Hosts.Count;
        report.Print(string.Create(CultureInfo.InvariantCulture, $"getmxrr({domain}) returns {count} value(s):\n"));
        foreach (string host in found.Hosts) { report.Print($"\t{host}\n"); }
    }

    internal async ValueTask AddressesAsync(string argument, CancellationToken cancellationToken)
    {
        string[] words = Words(argument, 2);
        string? family = words.Length > 1 ? words[1].ToLowerInvariant() : null;
        if (words.Length == 0 || family is not (null or "inet" or "inet6")) { report.Print("Usage: /gethostbyname host [inet|inet6]\n"); return; }
        if (site.Network is not { } network) { report.Print("/gethostbyname: no resolver here\n"); return; }
        IReadOnlyList<string>? addresses = await network.AddressesAsync(words[0], family, cancellationToken).ConfigureAwait(false);
        string answer = addresses switch { null => "no answer, try again", [] => "not found", _ => "returns " + string.Join(' ', addresses) };
        report.Print($"gethostbyname({words[0]}) {answer}\n");
    }

    internal async ValueTask RecordsAsync(string argument, CancellationToken cancellationToken)
    {
        string[] words = Words(argument, 3);
        if (words.Length == 0) { report.Print("Usage: /dnslookup host [type]\n"); return; }
        if (site.Network is not { } network) { report.Print("/dnslookup: no resolver here\n"); return; }
        foreach (string line in await network.RecordsAsync(words[0], words.Length > 1 ? words[1] : "A", cancellationToken).ConfigureAwait(false))
        {
            report.Print($"{words[0]} {line}\n");
        }
    }

    /// <summary>sendmail 8.17, measured: what a name server or a directory does not know is 68, a user 67, a malformed address 65; too few arguments are a mistake in the configuration.</summary>
    private static int ExitStatus(string type) => type switch
    {
        "host" or "dns" or "bestmx" or "ldap" or "socket" => 68,
        "user" => 67,
        "arpa" => 65,
        "arith" => 78,
        _ => 0,
    };

    private static string[] Words(string argument, int most) => argument.Split(Blanks, most, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
