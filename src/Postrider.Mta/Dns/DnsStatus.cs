namespace Postrider.Mta.Dns;

public enum DnsStatus
{
    Found,

    /// <summary>The name exists, not with this type.</summary>
    NoData,

    /// <summary>NXDOMAIN.</summary>
    NoName,

    /// <summary>No answer, SERVFAIL, refused: try again later.</summary>
    TemporaryFailure,
}
