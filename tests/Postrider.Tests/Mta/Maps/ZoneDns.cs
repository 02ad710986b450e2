using System.Net;
using Postrider.Mta.Dns;

namespace Postrider.Tests.Mta.Maps;

/// <summary>A small zone: what was put in it, with aliases followed; everything else does not exist.</summary>
internal sealed class ZoneDns : IDnsResolver
{
    private readonly Dictionary<(string, DnsRecordType), DnsAnswer> records = [];
    private readonly Dictionary<string, string> aliases = [];
    private readonly HashSet<string> silent = [];

    public List<string> Asked { get; } = [];

    public List<DnsVariation> Variations { get; } = [];

    public ZoneDns Addresses(string name, params string[] addresses)
    {
        foreach (IGrouping<DnsRecordType, IPAddress> family in addresses.Select(IPAddress.Parse).GroupBy(static a => a.GetAddressBytes().Length == 4 ? DnsRecordType.A : DnsRecordType.Aaaa))
            records[(name, family.Key)] = new DnsAnswer(DnsStatus.Found) { Addresses = [.. family] };
        return this;
    }

    public ZoneDns Mx(string name, params (int, string)[] exchanges)
    {
        records[(name, DnsRecordType.Mx)] = new DnsAnswer(DnsStatus.Found) { Exchanges = [.. exchanges] };
        return this;
    }

    public ZoneDns Text(string name, DnsRecordType type, params string[] texts)
    {
        records[(name, type)] = new DnsAnswer(DnsStatus.Found) { Texts = [.. texts] };
        return this;
    }

    public ZoneDns Alias(string name, string target)
    {
        aliases[name] = target;
        return this;
    }

    public ZoneDns Silent(string name)
    {
        silent.Add(name);
        return this;
    }

    public IDnsResolver Varied(DnsVariation variation)
    {
        Variations.Add(variation);
        return this;
    }

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        Asked.Add($"{type} {name}");
        string current = name.ToLowerInvariant();
        string? canonical = null;
        while (aliases.TryGetValue(current, out string? target)) canonical = current = target;
        DnsAnswer answer = silent.Contains(current) ? new DnsAnswer(DnsStatus.TemporaryFailure)
            : records.TryGetValue((current, type), out DnsAnswer? found) ? found
            : new DnsAnswer(records.Keys.Any(key => key.Item1 == current) ? DnsStatus.NoData : DnsStatus.NoName);
        return new(answer with { CanonicalName = canonical });
    }
}
