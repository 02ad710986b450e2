using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Postrider.Mta.Files;

namespace Postrider.Mta.Certificates;

/// <summary>A site's own small certificate authority: P-256, one level, for hosts that are to know each other. Not thread-safe.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);
    private readonly X509Certificate2 certificate;
    private readonly ECDsa key;
    private readonly TimeProvider time;

    private CertificateAuthority(X509Certificate2 certificate, ECDsa key, TimeProvider time)
    {
        this.certificate = certificate;
        this.key = key;
        this.time = time;
    }

    /// <summary>Without its key.</summary>
    public X509Certificate2 Certificate => certificate;

    public string CertificatePem => certificate.ExportCertificatePem() + "\n";

    /// <summary>The name under which OpenSSL looks for this authority in a CACertPath, without ".0".</summary>
    public string HashName => Certificates.HashName.Of(certificate.SubjectName);

    /// <summary>A new authority with a new key, for ten years.</summary>
    public static CertificateAuthority Create(string commonName, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        ECDsa newKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(Name(commonName), newKey, HashAlgorithmName.SHA256);
        // Path length 0: it signs hosts, not other authorities.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(newKey);
        X509Certificate2 self = request.Create(request.SubjectName, generator, now - Skew, now.AddYears(10), NewSerial());
        return new CertificateAuthority(self, newKey, time);
    }

    /// <summary>An authority that was saved.</summary>
    /// <exception cref="CryptographicException">The files are damaged or do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static CertificateAuthority Load(string certificatePath, string keyPath, TimeProvider time)
    {
        using X509Certificate2 pair = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        ECDsa newKey = pair.GetECDsaPrivateKey() ?? throw new CryptographicException($"{keyPath}: not an EC key");
        return new CertificateAuthority(X509CertificateLoader.LoadCertificate(pair.RawData), newKey, time);
    }

    /// <summary>Signs a certificate for a host that both receives and sends (serverAuth and clientAuth), with a new key.</summary>
    public IssuedCertificate Issue(CertificateOrder order)
    {
        DateTimeOffset now = time.GetUtcNow();
        ECDsa hostKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(Name(order.CommonName), hostKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        SubjectAlternativeNameBuilder names = new();
        foreach (string name in order.DnsNames.IsEmpty ? [order.CommonName] : order.DnsNames) names.AddDnsName(name);
        foreach (IPAddress address in order.Addresses) names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());

        // A signature that outlives its signer's certificate is of no use.
        DateTimeOffset signerEnd = new(certificate.NotAfter);
        DateTimeOffset end = now + order.Lifetime < signerEnd ? now + order.Lifetime : signerEnd;
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(key);
        X509Certificate2 issued = request.Create(certificate.SubjectName, generator, now - Skew, end, NewSerial());
        return new IssuedCertificate(issued, hostKey);
    }

    /// <summary>Writes both files and, when <paramref name="hashDirectory"/> is given, a link <c>HASH.0</c> there, so that the directory serves as CACertPath.</summary>
    /// <exception cref="IOException">A file exists (an authority is never overwritten: all that it signed would be lost with it), or cannot be written.</exception>
    public void Save(string certificatePath, string keyPath, string? hashDirectory = null)
    {
        WholeFile.Write(keyPath, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), WholeFile.OwnerOnly, replace: false);
        WholeFile.Write(certificatePath, Encoding.ASCII.GetBytes(CertificatePem), WholeFile.Public, replace: false);
        if (hashDirectory is null) return;
        Directory.CreateDirectory(hashDirectory);
        string target = Path.GetRelativePath(Path.GetFullPath(hashDirectory), Path.GetFullPath(certificatePath));
        for (int number = 0; ; number++)
        {
            string link = Path.Combine(hashDirectory, $"{HashName}.{number}");
            if (File.Exists(link)) continue;
            File.CreateSymbolicLink(link, target);
            return;
        }
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }

    private static X500DistinguishedName Name(string commonName)
    {
        X500DistinguishedNameBuilder name = new();
        name.AddCommonName(commonName);
        return name.Build();
    }

    // RFC 5280 §4.1.2.2: positive, at most 20 octets. 16 random ones never collide.
    private static byte[] NewSerial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }
}
