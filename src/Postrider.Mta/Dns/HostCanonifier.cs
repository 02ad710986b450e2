using System.Net;
using System.Net.Sockets;

namespace Postrider.Mta.Dns;

/// <summary>The canonical name of a host, as <c>$[name$]</c> and the address test mode want it: complete, and no alias. Thread-safe.</summary>
/// <param name="services">Where names are looked up, in order: <c>files</c>, <c>dns</c>; others are passed over.</param>
/// <param name="hosts">What the hosts file says now.</param>
/// <param name="dns">Asks the DNS and not the hosts file; null: the DNS is not asked, and whatever the files do not know is a temporary failure.</param>
/// <param name="search">Completes names for <paramref name="dns"/>.</param>
/// <param name="settings">The rest.</param>
/// <remarks>
/// sendmail 8.17, measured: of each name that may be meant AAAA, A and MX are asked until one exists; only a name with dots is tried as it is. A name that the files give
/// without a dot gets the local domain. Letters stay as they were written unless an alias is followed.
/// </remarks>
public sealed class HostCanonifier(Func<IReadOnlyList<string>> services, Func<HostsFile> hosts, IDnsResolver? dns, NameSearch? search, HostCanonifierSettings settings)
{
    private static readonly DnsRecordType[] proofs = [DnsRecordType.Aaaa, DnsRecordType.A, DnsRecordType.Mx];

    /// <summary>Found with the name in <see cref="DnsAnswer.CanonicalName"/>, without final dot; not found; or not to be known now.</summary>
    /// <param name="host">A name, or an address in brackets.</param>
    public async ValueTask<DnsAnswer> CanonifyAsync(string host, CancellationToken cancellationToken)
    {
        bool isLiteral = host.StartsWith('[');
        IPAddress? address = null;
        if (isLiteral && !TryLiteral(host, out address)) return new DnsAnswer(DnsStatus.NoName);
        if (host.Length == 0) return new DnsAnswer(DnsStatus.NoName);

        DnsAnswer answer = new(DnsStatus.NoName);
        foreach (string service in services())
        {
            answer = service switch
            {
                "files" => InFiles(host, address),
                "dns" when dns is null => new DnsAnswer(DnsStatus.TemporaryFailure),
                "dns" when isLiteral => await NameOfAsync(dns, address!, cancellationToken),
                "dns" => await InDnsAsync(dns, host, cancellationToken),
                _ => answer,
            };
            if (answer.Status is DnsStatus.Found or DnsStatus.TemporaryFailure) return answer;
        }

        return answer;
    }

    private DnsAnswer InFiles(string host, IPAddress? address)
    {
        if (address is not null)
        {
            // An address has the name that its line begins with, as it stands there (measured: no domain is appended).
            DnsAnswer? known = hosts().Find(ArpaName.Of(address), DnsRecordType.Ptr);
            return known is null ? new DnsAnswer(DnsStatus.NoName) : Found(known.Texts[0]);
        }

        string plain = host.TrimEnd('.');
        if (hosts().CanonicalName(plain) is not { } name) return new DnsAnswer(DnsStatus.NoName);
        bool isComplete = name.Contains('.', StringComparison.Ordinal) || settings.LocalDomain.Length == 0;
        return isComplete ? Found(name) : Found($"{name}.{settings.LocalDomain}");
    }

    private async ValueTask<DnsAnswer> InDnsAsync(IDnsResolver resolver, string host, CancellationToken cancellationToken)
    {
        foreach (string candidate in search?.Candidates(host, plainToo: false) ?? [host])
        {
            bool isTemporary = false;
            bool isCompleted = !candidate.Equals(host.TrimEnd('.'), StringComparison.Ordinal);
            foreach (DnsRecordType type in proofs)
            {
                if (type == DnsRecordType.Mx && isCompleted && search?.Settings.HasWildcardMx == true) continue;
                DnsAnswer answer = await resolver.QueryAsync(candidate, type, cancellationToken);
                if (answer.Status == DnsStatus.Found) return Found(settings.FollowAliases ? answer.CanonicalName ?? candidate : candidate);
                if (answer.Status == DnsStatus.NoName) break;
                isTemporary |= answer.Status == DnsStatus.TemporaryFailure;
            }

            if (isTemporary) return new DnsAnswer(DnsStatus.TemporaryFailure);
        }

        return new DnsAnswer(DnsStatus.NoName);
    }

    private static async ValueTask<DnsAnswer> NameOfAsync(IDnsResolver resolver, IPAddress address, CancellationToken cancellationToken)
    {
        DnsAnswer answer = await resolver.QueryAsync(ArpaName.Of(address), DnsRecordType.Ptr, cancellationToken);
        return answer.Status == DnsStatus.Found && answer.Texts is [{ Length: > 0 } name, ..] ? Found(name.TrimEnd('.')) : answer with { CanonicalName = null };
    }

    private static DnsAnswer Found(string name) => new(DnsStatus.Found) { CanonicalName = name };

    private static bool TryLiteral(string host, out IPAddress? address)
    {
        address = null;
        if (host is not ['[', .., ']']) return false;
        ReadOnlySpan<char> inside = host.AsSpan(1, host.Length - 2);
        bool isIPv6 = inside.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase);
        return IPAddress.TryParse(isIPv6 ? inside[5..] : inside, out address)
            && (isIPv6 ? address.AddressFamily == AddressFamily.InterNetworkV6 : address.AddressFamily == AddressFamily.InterNetwork && inside.Count('.') == 3);
    }
}
