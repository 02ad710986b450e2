using System.Net;
using Postrider.Mta.Dns;

namespace Postrider.Tests.Mta.Delivery;

/// <summary>Answers from a table; what is not in it does not exist. A name with any record answers NoData for the other types.</summary>
internal sealed class DnsTable : IDnsResolver
{
    private readonly Dictionary<(string, DnsRecordType), DnsAnswer> answers = [];

    public DnsTable Mx(string domain, params (int, string)[] hosts) => With(domain, DnsRecordType.Mx, new DnsAnswer(DnsStatus.Found) { Exchanges = [.. hosts] });

    public DnsTable A(string host, params string[] addresses) => With(host, DnsRecordType.A, new DnsAnswer(DnsStatus.Found) { Addresses = [.. addresses.Select(IPAddress.Parse)] });

    public DnsTable Fails(string name, DnsRecordType type) => With(name, type, new DnsAnswer(DnsStatus.TemporaryFailure));

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken) => new(
        answers.TryGetValue((name, type), out DnsAnswer? answer) ? answer : new DnsAnswer(answers.Keys.Any(k => k.Item1 == name) ? DnsStatus.NoData : DnsStatus.NoName));

    private DnsTable With(string name, DnsRecordType type, DnsAnswer answer)
    {
        answers[(name, type)] = answer;
        return this;
    }
}
