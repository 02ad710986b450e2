using Postrider.Mta.Dns;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>bestmx</c>: the best mail exchanger of a domain, with <c>-z</c> all of them, best first, each with its final dot. Thread-safe.</summary>
/// <remarks>
/// sendmail 8.17, measured: this host is in the list like any other; a domain without MX is its own exchanger, under its canonical name; one that is an alias and has no MX, or
/// has a null MX, is not found. The name is taken as complete.
/// </remarks>
internal sealed class BestMxMap(IDnsResolver dns, HostCanonifier canonifier, MapFlags flags) : IMap
{
    private readonly string? between = DnsMapTypes.Delimiter(flags.Value('z'));

    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        DnsAnswer answer = await dns.QueryAsync(key, DnsRecordType.Mx, cancellationToken);
        string[] hosts = answer.Status switch
        {
            DnsStatus.Found => [.. answer.Exchanges.Where(static exchange => exchange.Host.Length > 0).Select(static exchange => AnswerText.CleanAscii(exchange.Host) + ".")],
            _ => [],
        };
        if (answer.Status == DnsStatus.NoData && answer.CanonicalName is null)
        {
            answer = await canonifier.CanonifyAsync(key.TrimEnd('.') + ".", cancellationToken);
            if (answer.Status == DnsStatus.Found) hosts = [AnswerText.CleanAscii(answer.CanonicalName!) + "."];
        }

        if (answer.Status == DnsStatus.TemporaryFailure) return MapResult.TempFail($"{key}: Name server timeout");
        if (hosts.Length == 0) return MapResult.NotFound;
        return MapValue.Finish(flags, between is null ? hosts[0] : string.Join(between, hosts), key, arguments);
    }
}
