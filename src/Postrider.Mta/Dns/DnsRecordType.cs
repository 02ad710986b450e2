namespace Postrider.Mta.Dns;

/// <summary>Record types by their numbers (RFC 1035 §3.2.2, RFC 3596 and later).</summary>
public enum DnsRecordType
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Afsdb = 18,
    Aaaa = 28,
    Srv = 33,
    Rrsig = 46,
    Tlsa = 52,
}
