using System.Collections.Concurrent;
using System.Net.Security;

namespace Postrider.Smtp.Tls;

/// <summary>A cipher suite in OpenSSL's spelling, as sendmail's logs and <c>${cipher}</c> have it, with its key lengths in bits.</summary>
/// <remarks>The framework names suites as IANA does and its own key length is 0 under TLS 1.3, so both are derived from the name; a test compares every name with <c>openssl ciphers -stdname</c>.</remarks>
internal sealed record CipherSuiteFacts(string Name, int Bits, int AlgorithmBits)
{
    private static readonly ConcurrentDictionary<TlsCipherSuite, CipherSuiteFacts> Known = new();

    public static CipherSuiteFacts Of(TlsCipherSuite suite) => Known.GetOrAdd(suite, static s =>
    {
        string iana = s.ToString();
        (int bits, int algorithm) = BitsOf(iana);
        return new CipherSuiteFacts(OpenSslName(iana), bits, algorithm);
    });

    /// <summary>TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 → ECDHE-RSA-AES256-GCM-SHA384. TLS 1.3 names have no "_WITH_" and are the same in both.</summary>
    internal static string OpenSslName(string iana)
    {
        int with = iana.IndexOf("_WITH_", StringComparison.Ordinal);
        if (!iana.StartsWith("TLS_", StringComparison.Ordinal) || with < 0) return iana;
        string exchange = iana[4..with] switch
        {
            "RSA" => "", // OpenSSL leaves plain RSA out: AES128-SHA (oracle 20)
            "DH_anon" => "ADH-",
            "ECDH_anon" => "AECDH-",
            string other => other.Replace('_', '-') + "-",
        };
        string cipher = iana[(with + 6)..]
            .Replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305", StringComparison.Ordinal)
            .Replace("AES_", "AES", StringComparison.Ordinal)
            .Replace("CAMELLIA_", "CAMELLIA", StringComparison.Ordinal)
            .Replace("ARIA_", "ARIA", StringComparison.Ordinal)
            .Replace("CCM_8", "CCM8", StringComparison.Ordinal)
            .Replace("3DES_EDE_CBC", "DES_CBC3", StringComparison.Ordinal)
            .Replace("_CBC", "", StringComparison.Ordinal)
            .Replace('_', '-');
        if (cipher.StartsWith("ARIA", StringComparison.Ordinal)) exchange = exchange.Replace("ECDHE-RSA-", "ECDHE-", StringComparison.Ordinal);
        return exchange + cipher;
    }

    private static (int Bits, int Algorithm) BitsOf(string iana)
    {
        bool Has(string part) => iana.Contains(part, StringComparison.Ordinal);
        if (Has("AES_256") || Has("CHACHA20") || Has("CAMELLIA_256") || Has("ARIA_256")) return (256, 256);
        if (Has("AES_128") || Has("CAMELLIA_128") || Has("ARIA_128") || Has("RC4_128")) return (128, 128);
        return Has("3DES") ? (112, 168) : (0, 0);
    }
}
