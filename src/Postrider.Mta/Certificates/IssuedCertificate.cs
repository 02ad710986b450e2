using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Postrider.Mta.Files;

namespace Postrider.Mta.Certificates;

/// <summary>A certificate with its new key, ready to be written.</summary>
public sealed class IssuedCertificate : IDisposable
{
    private readonly ECDsa key;

    internal IssuedCertificate(X509Certificate2 certificate, ECDsa key)
    {
        Certificate = certificate;
        this.key = key;
    }

    /// <summary>Without its key.</summary>
    public X509Certificate2 Certificate { get; }

    public string CertificatePem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>PKCS #8, without passphrase.</summary>
    public string KeyPem => key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>Writes both files, the key first and readable by its owner alone.</summary>
    /// <param name="replace">False: an existing file is left alone and the call throws. True: each is exchanged whole; a daemon that reads between the two sees a pair that does not match, and keeps what it has.</param>
    /// <exception cref="IOException">A file exists, or cannot be written.</exception>
    public void Save(string certificatePath, string keyPath, bool replace = false)
    {
        WholeFile.Write(keyPath, Encoding.ASCII.GetBytes(KeyPem), WholeFile.OwnerOnly, replace);
        WholeFile.Write(certificatePath, Encoding.ASCII.GetBytes(CertificatePem), WholeFile.Public, replace);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }
}
