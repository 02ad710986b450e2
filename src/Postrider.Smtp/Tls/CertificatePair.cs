using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Postrider.Smtp.Tls;

/// <summary>A certificate with its key and the intermediates that are sent with it, read from PEM files.</summary>
internal sealed record CertificatePair(SslStreamCertificateContext Context, ReadOnlyMemory<byte> EndpointBinding)
{
    /// <summary>Null when the pair cannot be used; the reasons, and warnings about one that can, are added to <paramref name="diagnostics"/>.</summary>
    public static CertificatePair? Load(TlsPaths paths, bool server, DateTimeOffset now, List<string> diagnostics)
    {
        string certOption = server ? "ServerCertFile" : "ClientCertFile";
        string? certPath = FirstOf(certOption, server ? paths.ServerCertFile : paths.ClientCertFile, diagnostics);
        string? keyPath = FirstOf(server ? "ServerKeyFile" : "ClientKeyFile", server ? paths.ServerKeyFile : paths.ClientKeyFile, diagnostics);
        if (certPath is null || keyPath is null) return null;
        string? certText = ReadText(certPath, secret: string.Equals(certPath, keyPath, StringComparison.Ordinal), paths.TrustedOwner, diagnostics);
        string? keyText = ReadText(keyPath, secret: true, paths.TrustedOwner, diagnostics);
        if (certText is null || keyText is null) return null;

        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(certText);
        }
        catch (CryptographicException e)
        {
            diagnostics.Add($"{certPath}: a certificate in it cannot be read ({e.Message})");
            return null;
        }

        if (certificates.Count == 0)
        {
            diagnostics.Add($"{certPath}: holds no PEM certificate; {certOption} wants the certificate first, then its intermediates");
            return null;
        }

        if (keyText.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            diagnostics.Add($"{keyPath}: the key has a passphrase, which a daemon cannot be asked for; remove it with: openssl pkey -in {keyPath} -out NEWFILE");
            return null;
        }

        try
        {
            // The key must be that of the first certificate: CreateFromPem compares them.
            X509Certificate2 leaf = X509Certificate2.CreateFromPem(certificates[0].ExportCertificatePem(), keyText);
            certificates.RemoveAt(0);
            if (leaf.NotAfter.ToUniversalTime() < now.UtcDateTime) diagnostics.Add($"{certPath}: the certificate expired on {leaf.NotAfter.ToUniversalTime():yyyy-MM-dd}; renew it");
            // Offline: neither missing intermediates nor OCSP answers are fetched from the network.
            SslStreamCertificateContext context = SslStreamCertificateContext.Create(leaf, certificates, offline: true);
            return new CertificatePair(context, Tls.EndpointBinding.Of(leaf));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            diagnostics.Add($"{keyPath}: does not fit the certificate in {certPath}, or is not an RSA or EC key in PEM ({e.Message})");
            return null;
        }
    }

    // sendmail takes "file1,file2" for two pairs (RSA and EC); one is enough for every peer that speaks TLS 1.2.
    private static string? FirstOf(string option, string? value, List<string> diagnostics)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            diagnostics.Add($"{option}: not set");
            return null;
        }

        int comma = value.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0) return value;
        diagnostics.Add($"{option}: a second file is not served; {value[..comma]} is used");
        return value[..comma];
    }

    private static string? ReadText(string path, bool secret, uint? owner, List<string> diagnostics)
    {
        byte[]? content = SafeFile.Read(path, secret, out string? problem, owner);
        if (content is not null) return Encoding.Latin1.GetString(content);
        diagnostics.Add(problem!);
        return null;
    }
}
