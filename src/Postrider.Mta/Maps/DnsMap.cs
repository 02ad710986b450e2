using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Postrider.Mta.Dns;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>dns</c>: the records of a name. Thread-safe; answers are kept only as long as the DNS allows.</summary>
/// <remarks>
/// sendmail 8.17, measured: addresses as they are, IPv6 ones with their tag; of MX, SRV and AFSDB the host; without <c>-z</c> the first answer. Names that are not complete are searched.
/// Differs from sendmail: MX in the order of preference, not as they happen to stand in the answer; the strings of one TXT record are joined, where sendmail takes the first.
/// </remarks>
internal sealed class DnsMap(NameSearch search, DnsMapSettings settings, MapFlags flags) : IMap
{
    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string name = settings.BaseDomain.Length == 0 ? key : $"{key}.{settings.BaseDomain}";
        DnsAnswer answer = await search.QueryAsync(name, settings.Type, cancellationToken);
        if (answer.Status == DnsStatus.TemporaryFailure) return MapResult.TempFail($"{name}: Name server timeout");
        if (answer.Status != DnsStatus.Found) return MapResult.NotFound;

        IEnumerable<string> values = settings.Type switch
        {
            DnsRecordType.A or DnsRecordType.Aaaa => answer.Addresses.Select(Written),
            DnsRecordType.Mx => answer.Exchanges.Select(static exchange => exchange.Host),
            DnsRecordType.Srv => answer.Texts.Select(static text => text[(text.LastIndexOf(' ') + 1)..]),
            _ => answer.Texts,
        };
        values = values.Select(AnswerText.CleanAscii);
        if (settings.MaxAnswers > 0) values = values.Take(settings.MaxAnswers);
        string? value = settings.Between is { } between ? string.Join(between, values) : values.FirstOrDefault();
        if (value is null) return MapResult.NotFound;
        if (value.Length > AnswerText.MaxLength) return MapResult.TempFail($"{name}: the answer is longer than {AnswerText.MaxLength} characters");
        return MapValue.Finish(flags, value, key, arguments);
    }

    private string Written(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        if (settings.CompressesIPv6) return $"IPv6:{address}";
        return "IPv6:" + string.Join(':', address.GetAddressBytes().Chunk(2).Select(static pair => ((pair[0] << 8) | pair[1]).ToString("x", CultureInfo.InvariantCulture)));
    }
}
