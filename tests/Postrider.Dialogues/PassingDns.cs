using Postrider.Mta.Dns;

namespace Postrider.Dialogues;

/// <summary>The resolver that a site is bound with, before it is known which client a dialogue has.</summary>
internal sealed class PassingDns : IDnsResolver
{
    public IDnsResolver? Inner { get; set; }

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken) =>
        Inner?.QueryAsync(name, type, cancellationToken) ?? new ValueTask<DnsAnswer>(new DnsAnswer(DnsStatus.TemporaryFailure));
}
