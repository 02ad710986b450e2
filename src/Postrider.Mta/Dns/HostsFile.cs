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

    private HostsFile(Dictionary<string, ImmutableArray<IPAddress>> addresses, Dictionary<IPAddress, string> names)
    {
        this.addresses = addresses.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        this.names = names.ToFrozenDictionary();
    }

    public static HostsFile Parse(string text)
    {
        Dictionary<string, ImmutableArray<IPAddress>> byName = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<IPAddress, string> byAddress = [];
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address)) continue;
            byAddress.TryAdd(address, words[1]);
            foreach (string name in words.Skip(1)) byName[name] = byName.TryGetValue(name, out ImmutableArray<IPAddress> known) ? known.Add(address) : [address];
        }

        return new HostsFile(byName, byAddress);
    }

    public bool Knows(string name) => addresses.ContainsKey(name);

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
