using System.Net;
using Postrider.Mta.Dns;
using Postrider.Mta.Policy;

namespace Postrider.Dialogues;

/// <summary>Knows the client as the dialogue's head has it, example.net and example.org; tempfail.test and tempfail.example do not answer; nothing else exists.</summary>
internal sealed class DialogueDns(string client) : IDnsResolver
{
    private readonly string[] client = client.Split(' ');

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken) => new((name, type) switch
    {
        (_, DnsRecordType.Ptr) when client is [_, _, "temp"] => new DnsAnswer(DnsStatus.TemporaryFailure),
        (_, DnsRecordType.Ptr) when client.Length > 1 && name == ReverseName.Of(IPAddress.Parse(client[0])) => new DnsAnswer(DnsStatus.Found) { Texts = [client[1]] },
        (_, DnsRecordType.A) when client.Length > 1 && name == client[1] =>
            new DnsAnswer(DnsStatus.Found) { Addresses = [IPAddress.Parse(client.Length > 2 ? "192.0.2.99" : client[0])] },
        ("example.net" or "example.org", DnsRecordType.Mx) => new DnsAnswer(DnsStatus.Found) { Exchanges = [(10, "mx." + name)] },
        ("nullmx.example.org", DnsRecordType.Mx) => new DnsAnswer(DnsStatus.Found) { Exchanges = [(0, "")] },
        ("tempfail.test" or "tempfail.example", _) => new DnsAnswer(DnsStatus.TemporaryFailure),
        _ => new DnsAnswer(DnsStatus.NoName),
    });
}
