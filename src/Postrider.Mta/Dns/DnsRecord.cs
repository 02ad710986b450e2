using System.Net;

namespace Postrider.Mta.Dns;

/// <summary>One resource record of an answer, as far as it is understood here.</summary>
/// <param name="Text">Target, exchange, or the text itself.</param>
internal sealed record DnsRecord(string Name, DnsRecordType Type, uint TimeToLive, string Text)
{
    public IPAddress? Address { get; init; }

    /// <summary>Of MX.</summary>
    public int Preference { get; init; }
}
