using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Postrider.Smtp.Tls;

/// <summary>The tls-server-end-point channel binding: the hash of the server's certificate (RFC 5929 §4.1). Computed here, because SslStream does not give it on the server's side.</summary>
internal static class EndpointBinding
{
    private const string RsaPss = "1.2.840.113549.1.1.10";

    /// <summary>Empty when the certificate's signature algorithm has no single hash function (Ed25519): the binding is then undefined, and not offered.</summary>
    public static byte[] Of(X509Certificate2 certificate)
    {
        string? algorithm = certificate.SignatureAlgorithm.Value;
        return HashOf(string.Equals(algorithm, RsaPss, StringComparison.Ordinal) ? PssHash(certificate.RawData) : algorithm) switch
        {
            // RFC 5929 §4.1: "if the certificate's signatureAlgorithm uses a single hash function, and that hash function is either MD5 or SHA-1, then use SHA-256".
            "MD5" or "SHA1" or "SHA256" => SHA256.HashData(certificate.RawData),
            "SHA384" => SHA384.HashData(certificate.RawData),
            "SHA512" => SHA512.HashData(certificate.RawData),
            _ => [],
        };
    }

    private static string? HashOf(string? oid) => oid switch
    {
        "1.2.840.113549.1.1.4" => "MD5", // RFC 8017 A.2.4: RSA PKCS #1 v1.5 with …
        "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" or "1.2.840.10040.4.3" or "1.3.14.3.2.26" => "SHA1",
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" or "2.16.840.1.101.3.4.2.1" => "SHA256", // RFC 5758 §3.2: ECDSA with …
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" or "2.16.840.1.101.3.4.2.2" => "SHA384",
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" or "2.16.840.1.101.3.4.2.3" => "SHA512",
        _ => null,
    };

    /// <summary>The hash algorithm in RSASSA-PSS-params; SHA-1 when it is left out (RFC 4055 §3.1).</summary>
    private static string? PssHash(byte[] certificate)
    {
        const string Sha1 = "1.3.14.3.2.26";
        try
        {
            AsnReader outer = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
            outer.ReadEncodedValue();
            AsnReader algorithm = outer.ReadSequence();
            algorithm.ReadObjectIdentifier();
            if (!algorithm.HasData) return Sha1;
            AsnReader parameters = algorithm.ReadSequence();
            Asn1Tag hash = new(TagClass.ContextSpecific, 0);
            if (!parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(hash)) return Sha1;
            return parameters.ReadSequence(hash).ReadSequence().ReadObjectIdentifier();
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
