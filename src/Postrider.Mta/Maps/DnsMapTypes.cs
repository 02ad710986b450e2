using System.Globalization;
using System.Net;
using Postrider.Mta.Dns;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>Map types that ask the DNS: <c>host</c>, <c>dns</c>, <c>bestmx</c>; and <c>arpa</c>, which only writes what to ask.</summary>
public static class DnsMapTypes
{
    public static IEnumerable<KeyValuePair<string, MapFactory>> Rows { get; } =
    [
        new("host", static (_, spec, services) => new HostMap(Canonifier(services), spec.Flags, services.Time)),
        new("dns", Dns),
        new("bestmx", static (line, spec, services) => services.Dns is { } dns
            ? new BestMxMap(dns.Varied(new DnsVariation { WithoutHosts = true }), Canonifier(services), spec.Flags)
            : new UnavailableMap($"map {line.Name}: the DNS is not asked")),
        new("arpa", static (_, spec, _) => new ArpaMap(spec.Flags)),
    ];

    /// <summary>Who makes names canonical on this site: the map <c>host</c>, and whoever else must come to the same result.</summary>
    public static HostCanonifier Canonifier(MapServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        WatchedFile<HostsFile> hosts = new(services.Option("HostsFile") is { Length: > 0 } path ? path : "/etc/hosts", HostsFile.Parse, services.Time);
        WatchedFile<ServiceSwitch> order = new(services.Option("ServiceSwitchFile") is { Length: > 0 } file ? file : ServiceSwitch.DefaultPath, ServiceSwitch.Parse, services.Time);
        IDnsResolver? dns = services.Dns?.Varied(new DnsVariation { WithoutHosts = true });
        HostCanonifierSettings settings = new() { LocalDomain = LocalDomain(services), FollowAliases = !IsTrue(services.Option("DontExpandCnames")) };
        return new HostCanonifier(() => order.Value["hosts"], () => hosts.Value, dns, dns is null ? null : Search(dns, services), settings);
    }

    private static IMap Dns(CfMap line, MapSpec spec, MapServices services)
    {
        if (spec.Flags.Value('R') is not { Length: > 0 } word) throw new FormatException($"dns map {line.Name}: missing -R type");
        if (!Enum.TryParse(word, ignoreCase: true, out DnsRecordType type) || type == DnsRecordType.Soa || !char.IsAsciiLetter(word[0])) throw new FormatException($"dns map {line.Name}: wrong type {word}");
        DnsVariation variation = new() { WithoutHosts = true, Timeout = Seconds(spec.Flags.Value('d')), Attempts = Number(spec.Flags.Value('r')) };
        if (spec.Flags.Value('@') is { Length: > 0 } server)
        {
            if (!StubResolverSettings.TryParseServer(server, out IPEndPoint? address)) throw new FormatException($"dns map {line.Name}: {server} is no address of a name server");
            variation = variation with { Servers = [address!] };
        }

        if (services.Dns is not { } dns) return new UnavailableMap($"map {line.Name}: the DNS is not asked");
        DnsMapSettings settings = new(type)
        {
            BaseDomain = spec.Flags.Value('B')?.Trim('.') ?? "",
            Between = Delimiter(spec.Flags.Value('z')),
            MaxAnswers = Number(spec.Flags.Value('Z')) ?? 0,
            CompressesIPv6 = IsTrue(services.Option("UseCompressedIPv6Addresses")),
        };
        return new DnsMap(Search(dns.Varied(variation), services), settings, spec.Flags);
    }

    private static NameSearch Search(IDnsResolver dns, MapServices services)
    {
        WatchedFile<ResolvConf> conf = new(services.ResolvConfPath, ResolvConf.Parse, services.Time);
        return new NameSearch(dns, () => conf.Value, NameSearchSettings.Parse(services.Option("ResolverOptions")), LocalDomain(services));
    }

    private static string LocalDomain(MapServices services)
    {
        int dot = services.HostName.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? "" : services.HostName[(dot + 1)..];
    }

    private static bool IsTrue(string? value) => CfValue.TryBoolean(value ?? "False", out bool isTrue) && isTrue;

    /// <summary>What stands between several answers; null: only the first is given.</summary>
    internal static string? Delimiter(string? flag) => flag switch { null or "" => null, "\\n" => "\n", "\\t" => "\t", _ => flag[..1] };

    internal static int? Number(string? flag) => int.TryParse(flag, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;

    /// <summary>A time as the cf writes it, in seconds without a letter.</summary>
    internal static TimeSpan? Seconds(string? flag) => flag is { Length: > 0 } && CfValue.TryInterval(flag, 's', out TimeSpan time) && time > TimeSpan.Zero ? time : null;
}
