using System.Globalization;
using System.Net;
using Postrider.Mta.Dns;
using Postrider.Sendmail.Rewriting.TestMode;

namespace Postrider.Mta.AddressTest;

/// <summary>Answers the address test mode from the DNS. Answers as sendmail 8.17 gave them for the same names (oracle 80). Thread-safe.</summary>
public sealed class DnsTestNetwork(IDnsResolver resolver) : ITestModeNetwork
{
    private static readonly (DnsRecordType Type, string Name)[] Families = [(DnsRecordType.A, "inet"), (DnsRecordType.Aaaa, "inet6")];

    public async ValueTask<TestModeExchangers> MailExchangersAsync(string domain, CancellationToken cancellationToken)
    {
        if (domain.StartsWith('[')) return new TestModeExchangers(domain);
        string name = domain.TrimEnd('.');
        DnsAnswer answer = await resolver.QueryAsync(name, DnsRecordType.Mx, cancellationToken);
        switch (answer.Status)
        {
            case DnsStatus.TemporaryFailure:
                return TestModeExchangers.Unknown;
            case DnsStatus.Found when answer.Exchanges.All(static exchange => exchange.Host.Length == 0):
                return TestModeExchangers.NullMx;
            case DnsStatus.Found:
                return new TestModeExchangers([.. answer.Exchanges.Where(static exchange => exchange.Host.Length > 0).OrderBy(static exchange => exchange.Preference).Select(static exchange => exchange.Host + ".")]);
            // An alias without MX leads nowhere in sendmail; the host itself is its MX when it has an address (RFC 5321 §5.1).
            case DnsStatus.NoData when answer.CanonicalName is null && await AddressesAsync(name, family: null, cancellationToken) is { Count: > 0 }:
                return new TestModeExchangers(name + ".");
            default:
                return new TestModeExchangers();
        }
    }

    public async ValueTask<IReadOnlyList<string>?> AddressesAsync(string host, string? family, CancellationToken cancellationToken)
    {
        List<string> found = [];
        bool unknown = false;
        foreach ((DnsRecordType type, string name) in Families)
        {
            if (family is not null && family != name) continue;
            DnsAnswer answer = await resolver.QueryAsync(host.TrimEnd('.'), type, cancellationToken);
            unknown |= answer.Status == DnsStatus.TemporaryFailure;
            found.AddRange(answer.Addresses.Select(static address => address.ToString()));
        }

        return found.Count == 0 && unknown ? null : found;
    }

    public async ValueTask<IReadOnlyList<string>> RecordsAsync(string name, string type, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse(type, ignoreCase: true, out DnsRecordType wanted) || !Enum.IsDefined(wanted) || char.IsAsciiDigit(type[0])) return [$"{type}: not a record type that is asked for here"];
        string shown = type.ToUpperInvariant();

        // PTR is asked for an address as well as for the name that stands for it.
        string asked = wanted == DnsRecordType.Ptr && IPAddress.TryParse(name, out IPAddress? address) ? ArpaName.Of(address) : name.TrimEnd('.');
        DnsAnswer answer = await resolver.QueryAsync(asked, wanted, cancellationToken);
        string[] lines =
        [
            .. answer.CanonicalName is { } canonical ? (IEnumerable<string>)[$"CNAME {canonical}."] : [],
            .. answer.Addresses.Select(found => $"{shown} {found}"),
            .. answer.Exchanges.Select(exchange => string.Create(CultureInfo.InvariantCulture, $"{shown} {exchange.Preference} {exchange.Host}.")),
            .. answer.Texts.Select(text => $"{shown} {text}"),
        ];
        return answer.Status switch
        {
            DnsStatus.NoName => [.. lines, $"{shown}: no such name"],
            DnsStatus.NoData => [.. lines, $"{shown}: no such record"],
            DnsStatus.TemporaryFailure => [.. lines, $"{shown}: no answer, try again"],
            _ => lines,
        };
    }
}
