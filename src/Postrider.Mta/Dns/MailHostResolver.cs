using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Postrider.Mail;

namespace Postrider.Mta.Dns;

/// <summary>Finds the hosts for a destination (RFC 5321 §5.1) and their addresses. Thread-safe.</summary>
/// <remarks>
/// A destination is a domain, looked up by MX; or <c>[host]</c>, <c>[192.0.2.1]</c>, <c>[IPv6:2001:db8::1]</c>, taken as it is; each may be followed by <c>:port</c>.
/// </remarks>
public sealed class MailHostResolver
{
    /// <summary>Most hosts tried for one destination. Ours: nobody reads further, and a hostile MX set ends somewhere.</summary>
    public const int MaxHosts = 20;

    private readonly IDnsResolver resolver;
    private readonly FrozenSet<string> ownNames;
    private readonly string hostName;
    private readonly Func<bool> hasIPv6;

    /// <param name="hostName"><c>$j</c>, for the text about a loop.</param>
    /// <param name="ownNames">Names under which other hosts know this one (class w): an MX list is cut where one of them stands.</param>
    /// <param name="hasIPv6">Whether AAAA is worth asking for; null: whether this host has an IPv6 route.</param>
    public MailHostResolver(IDnsResolver resolver, string hostName, IEnumerable<string> ownNames, Func<bool>? hasIPv6 = null)
    {
        this.resolver = resolver;
        this.hostName = hostName;
        this.ownNames = ownNames.Append(hostName).Select(n => n.TrimEnd('.')).Where(n => !n.StartsWith('[')).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        this.hasIPv6 = hasIPv6 ?? Ipv6Route.Exists;
    }

    public async ValueTask<MxResolution> ResolveAsync(string destination, CancellationToken cancellationToken)
    {
        if (!TrySplit(destination, out string host, out int port)) return Failed("5.1.2", "Host unknown", destination, ReasonKind.Protocol, $"{destination} is no destination");
        if (host.StartsWith('[')) return Literal(host, port);

        DnsAnswer answer = await resolver.QueryAsync(host, DnsRecordType.Mx, cancellationToken);
        ReasonChain reasons = answer.Reasons.Then(ReasonKind.Dns, $"{host} MX: {answer.Status}");
        return answer.Status switch
        {
            DnsStatus.Found => FromExchanges(host, port, answer, reasons),

            // RFC 5321 §5.1: no MX at all is an implicit MX of preference 0, pointing to the host itself.
            DnsStatus.NoData => ownNames.Contains(host) ? Loop(host, reasons) : new MxResolution { Hosts = [new MailHost(host, port)], Reasons = reasons.Then(ReasonKind.Dns, "implicit MX") },

            // sendmail 8.17, oracle 89: stat=Host unknown (Name server: nonexistent.invalid: host not found), relay= without dot.
            DnsStatus.NoName => Failed("5.1.2", $"Host unknown (Name server: {host}: host not found)", host, reasons),
            _ => Failed("4.4.3", $"Name server: {host}: host name lookup failure", host + ".", reasons),
        };
    }

    /// <summary>The addresses of a host, IPv6 first where there is a route, as sendmail looks them up. Status tells what an empty list means.</summary>
    public async ValueTask<DnsAnswer> AddressesAsync(MailHost host, CancellationToken cancellationToken)
    {
        if (!host.Addresses.IsEmpty) return new DnsAnswer(DnsStatus.Found) { Addresses = host.Addresses };
        ValueTask<DnsAnswer> pending = resolver.QueryAsync(host.LookupName, DnsRecordType.A, cancellationToken);
        DnsAnswer six = hasIPv6() ? await resolver.QueryAsync(host.LookupName, DnsRecordType.Aaaa, cancellationToken) : new DnsAnswer(DnsStatus.NoData);
        DnsAnswer four = await pending;
        if (!six.Addresses.IsEmpty) return four with { Status = DnsStatus.Found, Addresses = [.. six.Addresses, .. four.Addresses] };
        return four.Status != DnsStatus.Found && six.Status == DnsStatus.TemporaryFailure ? four with { Status = DnsStatus.TemporaryFailure } : four;
    }

    /// <summary>Splits off <c>:port</c>; the brackets stay with the host.</summary>
    internal static bool TrySplit(string destination, out string host, out int port)
    {
        port = 25;
        int close = destination.StartsWith('[') ? destination.IndexOf(']', StringComparison.Ordinal) : -1;
        int colon = destination.IndexOf(':', close + 1);
        if (destination.StartsWith('[') && (close < 2 || (close + 1 < destination.Length && colon != close + 1)))
        {
            host = "";
            return false;
        }

        host = colon < 0 ? destination : destination[..colon];
        if (!host.StartsWith('[')) host = host.TrimEnd('.');
        return host.Length > 0
            && (colon < 0 || (int.TryParse(destination.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536));
    }

    private static MxResolution Literal(string host, int port)
    {
        ReadOnlySpan<char> inner = host.AsSpan(1, host.Length - 2);
        bool isIPv6 = inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase);
        bool isAddress = IPAddress.TryParse(isIPv6 ? inner[5..] : inner, out IPAddress? address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || inner.Count('.') == 3);
        if (isIPv6 && (!isAddress || address!.AddressFamily != AddressFamily.InterNetworkV6)) return Failed("5.1.2", "Host unknown", host, ReasonKind.Protocol, $"{host} is no address literal");
        return new MxResolution { Hosts = [new MailHost(host, port) { Addresses = isAddress ? [address!] : [] }], Reasons = ReasonChain.Of(ReasonKind.Configuration, $"{host}: no MX asked for") };
    }

    private MxResolution FromExchanges(string domain, int port, DnsAnswer answer, ReasonChain reasons)
    {
        // RFC 7505 §3: a null MX says that the domain takes no mail. Beside other records it means nothing.
        ImmutableArray<(int Preference, string Host)> exchanges = [.. answer.Exchanges.Where(x => x.Host.Length > 0)];
        if (exchanges.IsEmpty) return Failed("5.1.10", "Service unavailable", domain + ".", reasons.Then(ReasonKind.Dns, $"{domain} has a null MX: it takes no mail"));

        // RFC 5321 §5.1: where this host is in the list, only the better preferences are left.
        int own = exchanges.Where(x => ownNames.Contains(x.Host)).Select(x => x.Preference).DefaultIfEmpty(int.MaxValue).Min();
        ImmutableArray<MailHost> hosts = [.. exchanges.Where(x => x.Preference < own).DistinctBy(x => x.Host, StringComparer.OrdinalIgnoreCase).Take(MaxHosts).Select(x => new MailHost(x.Host, port))];
        return hosts.IsEmpty ? Loop(domain, reasons) : new MxResolution { Hosts = hosts, Reasons = reasons };
    }

    // sendmail 8.17, oracle 89: SYSERR(root): MX list for loop.example.org. points back to mx.oracle.test; dsn=5.3.5, stat=Local configuration error
    private MxResolution Loop(string domain, ReasonChain reasons) => new()
    {
        Failure = new MxFailure(new EnhancedStatusCode(5, 3, 5), "Local configuration error", domain + ".") { Alarm = $"MX list for {domain}. points back to {hostName}" },
        Reasons = reasons.Then(ReasonKind.Configuration, $"this host is the best MX of {domain}, and {domain} is not local"),
    };

    private static MxResolution Failed(string status, string message, string relay, ReasonKind kind, string reason) => Failed(status, message, relay, ReasonChain.Of(kind, reason));

    private static MxResolution Failed(string status, string message, string relay, ReasonChain reasons) => new()
    {
        Failure = new MxFailure(EnhancedStatusCode.TryParse(status, out EnhancedStatusCode code) ? code : default, message, relay),
        Reasons = reasons,
    };
}
