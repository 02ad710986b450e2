namespace Postrider.Mta.Dns;

/// <summary>Asks the DNS. Thread-safe; never throws for what the DNS says or fails to say.</summary>
public interface IDnsResolver
{
    ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken);

    /// <summary>The same, asked otherwise. One that has nothing to vary is itself.</summary>
    IDnsResolver Varied(DnsVariation variation) => this;
}
