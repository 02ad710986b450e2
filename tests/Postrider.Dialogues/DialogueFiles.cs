using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postrider.Mta.Certificates;
using Postrider.Mta.Users;
using Postrider.Testing;

namespace Postrider.Dialogues;

/// <summary>
/// What the sites in <c>sites/*.mc</c> name under DIALOGUE_DIR, made once for the run: <c>certs/</c> with the server's pair, the authority and the list of what it has
/// revoked, and <c>users</c> with alice, whose password is wonderland. And the certificates that clients show, with the names they have in oracle 20.
/// </summary>
internal static class DialogueFiles
{
    /// <summary>The clock of every dialogue begins here; certificates are made for it, not for the day on which the tests run.</summary>
    private static readonly DateTimeOffset Now = new ManualTimeProvider().GetUtcNow();

    /// <summary>For sites that name DIALOGUE_DIR/aliases; like those of oracle 60 and 14.</summary>
    private const string Aliases = """
        postmaster: root
        root: alice
        staff: alice, bob,
        	carol
        list: alice, friend@d1.example.org
        owner-list: carol
        loop1: loop2
        loop2: loop1
        prog: "|/usr/bin/id > /tmp/x"
        gone: someone@new.example.REDIRECT
        missing: :include:/nonexistent/list
        plus+*: bob
        self: \self
        me: \alice
        nobody: nosuch, bob
        """;

    private static readonly Lazy<string> Made = new(Make);
    private static readonly Dictionary<string, X509Certificate2> Clients = [];

    public static string Folder => Made.Value;

    /// <summary>The certificate that <c>TLS cert=NAME</c> shows.</summary>
    public static X509Certificate2 ClientCertificate(string name) =>
        Folder.Length > 0 && Clients.TryGetValue(name, out X509Certificate2? certificate) ? certificate : throw new ArgumentException("no such client certificate: " + name, nameof(name));

    private static string Make()
    {
        string folder = Directory.CreateTempSubdirectory("postrider-dialogues-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        string certs = Directory.CreateDirectory(Path.Combine(folder, "certs")).FullName;
        using X509Certificate2 authority = Authority("Dialogue CA");
        using X509Certificate2 stranger = Authority("Another CA");
        File.WriteAllText(Path.Combine(certs, "ca.crt"), authority.ExportCertificatePem());
        using X509Certificate2 server = Issue(authority, "CN=mx.example.com", names => names.AddDnsName("mx.example.com"));
        File.WriteAllText(Path.Combine(certs, "server.crt"), server.ExportCertificatePem());
        Secret(Path.Combine(certs, "server.key"), server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());

        Clients["client"] = Issue(authority, "O=Dialogues, OU=Mobile Users, CN=host10.example.net, E=alice@example.net", static names => names.AddDnsName("host10.example.net"));
        Clients["alice"] = Issue(authority, "O=Dialogues, CN=alice, E=alice@example.com", static names => names.AddEmailAddress("alice@example.com"));
        Clients["unknown-ca"] = Issue(stranger, "O=Evil, CN=evil client", static names => names.AddDnsName("evil.example.org"));
        Clients["selfsigned"] = Authority("selfsigned.example.org");
        Clients["expired"] = Issue(authority, "O=Dialogues, CN=old client", static names => names.AddDnsName("old.example.net"), end: Now.AddDays(-1));
        Clients["revoked"] = Issue(authority, "O=Dialogues, CN=revoked client", static names => names.AddDnsName("revoked.example.net"));

        // In the place where OpenSSL looks for it, and no CRLFile or CRLPath that asks for looking.
        CertificateRevocationListBuilder revoked = new();
        revoked.AddEntry(Clients["revoked"], Now.AddHours(-1));
        byte[] list = revoked.Build(authority, 1, Now.AddDays(30), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, Now.AddHours(-1));
        File.WriteAllText(Path.Combine(certs, HashName.Of(authority.SubjectName) + ".r0"), new string(PemEncoding.Write("X509 CRL", list)));
        new UserStoreEditor(Path.Combine(folder, "users")).SetPassword("alice", "wonderland");
        File.WriteAllText(Path.Combine(folder, "aliases"), Aliases);
        return folder;
    }

    private static X509Certificate2 Authority(string name)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(10));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string subject, Action<SubjectAlternativeNameBuilder> name, DateTimeOffset? end = null)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        name(names);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using X509Certificate2 issued = request.Create(authority, Now.AddDays(-30), end ?? Now.AddYears(1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private static void Secret(string path, string text)
    {
        using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        file.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }
}
