using System.Net;
using Postrider.Mta.Dns;

namespace Postrider.Tests.Mta;

/// <summary>The zones of the oracle: client10 verifies, client20 is forged, 127.2.0.30 has no name, 127.2.0.40 gets no answer.</summary>
internal sealed class FakeDns : IDnsResolver
{
    public List<string> Asked { get; } = [];

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        Asked.Add($"{type} {name}");
        return new ValueTask<DnsAnswer>((name.ToUpperInvariant(), type) switch
        {
            ("10.0.2.127.IN-ADDR.ARPA", DnsRecordType.Ptr) => Text("client10.example.net."),
            ("20.0.2.127.IN-ADDR.ARPA", DnsRecordType.Ptr) => Text("client20.example.net"),
            ("50.0.2.127.IN-ADDR.ARPA", DnsRecordType.Ptr) => Text("evil)\r\nX: y (example.net"),
            ("40.0.2.127.IN-ADDR.ARPA", DnsRecordType.Ptr) => new DnsAnswer(DnsStatus.TemporaryFailure),
            ("CLIENT10.EXAMPLE.NET", DnsRecordType.A) => Address("127.2.0.10"),
            ("CLIENT20.EXAMPLE.NET", DnsRecordType.A) => Address("127.9.9.9"),
            ("EXAMPLE.NET", DnsRecordType.A) => Address("192.0.2.5"),
            ("EXAMPLE.NET", _) => new DnsAnswer(DnsStatus.NoData),
            ("NULLMX.EXAMPLE.ORG", DnsRecordType.Mx) => new DnsAnswer(DnsStatus.Found) { Exchanges = [(0, "")] },
            ("TEMPFAIL.TEST", _) => new DnsAnswer(DnsStatus.TemporaryFailure),
            _ => new DnsAnswer(DnsStatus.NoName),
        });
    }

    private static DnsAnswer Text(string name) => new(DnsStatus.Found) { Texts = [name] };

    private static DnsAnswer Address(string address) => new(DnsStatus.Found) { Addresses = [IPAddress.Parse(address)] };
}
