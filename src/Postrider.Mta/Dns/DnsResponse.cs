namespace Postrider.Mta.Dns;

/// <summary>A response that belongs to its question.</summary>
/// <param name="Code">RCODE (RFC 1035 §4.1.1).</param>
internal sealed record DnsResponse(int Code)
{
    public const int NoError = 0;
    public const int FormatError = 1;
    public const int NoName = 3;
    public const int NotImplemented = 4;

    /// <summary>TC: ask again by TCP. Nothing else of the response counts then.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>AD.</summary>
    public bool IsAuthentic { get; init; }

    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    /// <summary>How long "no" may be remembered, in seconds (RFC 2308 §5: the lesser of the SOA's TTL and its MINIMUM); null: the response does not say.</summary>
    public uint? NegativeTimeToLive { get; init; }
}
