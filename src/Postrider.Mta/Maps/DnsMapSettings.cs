using Postrider.Mta.Dns;

namespace Postrider.Mta.Maps;

/// <summary>What the <c>K</c> line of a <c>dns</c> map says.</summary>
/// <param name="Type"><c>-R</c>.</param>
internal sealed record DnsMapSettings(DnsRecordType Type)
{
    /// <summary><c>-B</c>: appended to every key; empty: nothing.</summary>
    public string BaseDomain { get; init; } = "";

    /// <summary><c>-z</c>: stands between several answers; null: only the first is given.</summary>
    public string? Between { get; init; }

    /// <summary><c>-Z</c>: most answers given; 0: all.</summary>
    public int MaxAnswers { get; init; }

    /// <summary><c>UseCompressedIPv6Addresses</c>. Default false, as in sendmail.</summary>
    public bool CompressesIPv6 { get; init; }
}
