namespace Postrider.Mta.Dns;

/// <summary>Asks the DNS. Thread-safe; never throws for what the DNS says or fails to say.</summary>
public interface IDnsResolver
{
    ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken);
}
