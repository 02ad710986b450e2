using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Postrider.Mta.Dns;

/// <summary>What <c>/etc/hosts</c> says (hosts(5)). Immutable.</summary>
public sealed class HostsFile
{
    private readonly FrozenDictionary<string, ImmutableArray<IPAddress>> addresses;
    private readonly FrozenDictionary<IPAddress, string> names;
    private readonly FrozenDictionary<string, string> canonical;

    private HostsFile(Dictionary<string, ImmutableArray<IPAddress>> addresses, Dictionary<IPAddress, string> names, Dictionary<string, string> canonical)
    {
        this.canonical = canonical.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        this.addresses = addresses.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        this.names = names.ToFrozenDictionary();
    }

    public static HostsFile Parse(string text)
    {
        Dictionary<string, ImmutableArray<IPAddress>> byName = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<IPAddress, string> byAddress = [];
        Dictionary<string, string> fullNames = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address)) continue;
            byAddress.TryAdd(address, words[1]);
            foreach (string name in words.Skip(1)) byName[name] = byName.TryGetValue(name, out ImmutableArray<IPAddress> known) ? known.Add(address) : [address];
            string full = words.Skip(1).FirstOrDefault(static name => name.Contains('.', StringComparison.Ordinal)) ?? words[1];
            foreach (string name in words.Skip(1)) fullNames.TryAdd(name, full);
        }

        return new HostsFile(byName, byAddress, fullNames);
    }

    public bool Knows(string name) => addresses.ContainsKey(name);

    /// <summary>The first name with a dot on the line that has this name; the first of all if none has one; null: no line has it.</summary>
    public string? CanonicalName(string name) => canonical.GetValueOrDefault(name);

    /// <summary>Null: the file says nothing about it, ask the DNS. A name that has only addresses of the other family is known and has no data.</summary>
    public DnsAnswer? Find(string name, DnsRecordType type)
    {
        if (type is DnsRecordType.A or DnsRecordType.Aaaa)
        {
            if (!addresses.TryGetValue(name, out ImmutableArray<IPAddress> known)) return null;
            AddressFamily family = type == DnsRecordType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            ImmutableArray<IPAddress> found = [.. known.Where(a => a.AddressFamily == family)];
            return new DnsAnswer(found.IsEmpty ? DnsStatus.NoData : DnsStatus.Found) { Addresses = found };
        }

        return type == DnsRecordType.Ptr && ArpaName.TryParse(name, out IPAddress? address) && names.TryGetValue(address, out string? host)
            ? new DnsAnswer(DnsStatus.Found) { Texts = [host] }
            : null;
    }
}
