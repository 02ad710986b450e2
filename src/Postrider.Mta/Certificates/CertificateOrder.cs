using System.Collections.Immutable;
using System.Net;

namespace Postrider.Mta.Certificates;

/// <summary>What a certificate is to say.</summary>
public sealed record CertificateOrder
{
    /// <summary>The subject's common name: the host's name.</summary>
    public required string CommonName { get; init; }

    /// <summary>subjectAltName dNSName entries. Empty: the common name.</summary>
    public ImmutableArray<string> DnsNames { get; init; } = [];

    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>From the day of issue; never beyond the authority's own end. Default 825 days.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(825);
}
