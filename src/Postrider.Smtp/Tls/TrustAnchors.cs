using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Postrider.Smtp.Tls;

/// <summary>The site's own trust anchors, from CACertFile and CACertPath. The system's roots have no say: who may relay by certificate is the site's decision.</summary>
internal sealed class TrustAnchors
{
    private readonly ImmutableArray<X509Certificate2> certificates;

    private TrustAnchors(ImmutableArray<X509Certificate2> certificates) => this.certificates = certificates;

    public static TrustAnchors None { get; } = new([]);

    /// <summary>Null when a configured place cannot be used, or when <paramref name="bothNeeded"/> and one is not set.</summary>
    public static TrustAnchors? Load(TlsPaths paths, bool bothNeeded, List<string> diagnostics)
    {
        List<X509Certificate2> found = [];
        bool usable = FromFile(paths.CaCertFile, paths.TrustedOwner, bothNeeded, found, diagnostics) & FromDirectory(paths.CaCertPath, paths.TrustedOwner, bothNeeded, found, diagnostics);
        return usable ? new TrustAnchors([.. found.DistinctBy(c => c.Thumbprint, StringComparer.Ordinal)]) : null;
    }

    /// <summary>How a peer's chain is judged. A new one for each handshake: SslStream adds the peer's certificates to it.</summary>
    public X509ChainPolicy Policy(DateTimeOffset now)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true, // a stranger's certificate must not make us fetch its URLs
            VerificationTime = now.LocalDateTime,
            VerificationTimeIgnored = false,
        };
        foreach (X509Certificate2 certificate in certificates) policy.CustomTrustStore.Add(certificate);
        return policy;
    }

    private static bool FromFile(string? path, uint? owner, bool needed, List<X509Certificate2> found, List<string> diagnostics)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            // sendmail 8.17, oracle 21: "STARTTLS: CACertFile missing", and STARTTLS is not offered.
            if (needed) diagnostics.Add("CACertFile: not set");
            return !needed;
        }

        byte[]? content = SafeFile.Read(path, secret: false, out string? problem, owner);
        if (content is null)
        {
            diagnostics.Add(problem!);
            return false;
        }

        int before = found.Count;
        if (!Import(path, content, found, diagnostics)) return false;
        if (found.Count > before) return true;
        diagnostics.Add($"{path}: holds no PEM certificate; CACertFile wants the certificates of the trusted authorities");
        return false;
    }

    private static bool FromDirectory(string? path, uint? owner, bool needed, List<X509Certificate2> found, List<string> diagnostics)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            if (needed) diagnostics.Add("CACertPath: not set");
            return !needed;
        }

        if (FileStatus.Of(path) is not { IsDirectory: true })
        {
            diagnostics.Add($"{path}: not a directory, or not readable by this process; CACertPath wants a directory made with: openssl rehash");
            return false;
        }

        try
        {
            foreach (string file in Directory.EnumerateFiles(path).Where(f => IsHashName(Path.GetFileName(f))).Order(StringComparer.Ordinal))
            {
                // One bad file among many takes itself out, not the others: the directory is looked into by name, not read as a whole, in OpenSSL.
                byte[]? content = SafeFile.Read(file, secret: false, out string? problem, owner);
                if (content is null) diagnostics.Add(problem!);
                else Import(file, content, found, diagnostics);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add($"{path}: cannot be read ({e.Message})");
            return false;
        }
    }

    private static bool Import(string path, byte[] content, List<X509Certificate2> found, List<string> diagnostics)
    {
        try
        {
            X509Certificate2Collection read = [];
            read.ImportFromPem(Encoding.Latin1.GetString(content));
            found.AddRange(read);
            return true;
        }
        catch (CryptographicException e)
        {
            diagnostics.Add($"{path}: a certificate in it cannot be read ({e.Message})");
            return false;
        }
    }

    /// <summary><c>1a2b3c4d.0</c>: eight hexadecimal digits, a dot, a number; <c>.r0</c> is a revocation list.</summary>
    private static bool IsHashName(string name) =>
        name.Length > 9 && name[8] == '.' && name.Take(8).All(char.IsAsciiHexDigit) && name.AsSpan(9).IndexOfAnyExceptInRange('0', '9') < 0;
}
