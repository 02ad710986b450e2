using System.Collections.Immutable;
using System.Net;

namespace Postrider.Mta.Dns;

/// <summary>How a resolver is to differ from the one it is made of; what is null or empty stays.</summary>
public sealed record DnsVariation
{
    /// <summary>Asks the DNS only, never the hosts file.</summary>
    public bool WithoutHosts { get; init; }

    /// <summary>Whom to ask.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>For one try with one server.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Rounds over all servers.</summary>
    public int? Attempts { get; init; }
}
