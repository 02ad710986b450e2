using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postrider.Mta.Certificates;
using Postrider.Testing;
using Postrider.Tests.Smtp.Tls;

namespace Postrider.Tests.Mta.Certificates;

public sealed class CertificateAuthorityTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("postrider-ca-").FullName;
    private readonly ManualTimeProvider clock = new(DateTimeOffset.UtcNow);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task OpenSSL_verifies_what_the_authority_signed_through_the_hash_directory()
    {
        using CertificateAuthority authority = CertificateAuthority.Create("Postrider  Test CA", clock);
        authority.Save(At("certs/ca.crt"), At("private/ca.key"), At("certs"));
        using CertificateAuthority loaded = CertificateAuthority.Load(At("certs/ca.crt"), At("private/ca.key"), clock);
        using IssuedCertificate host = loaded.Issue(new CertificateOrder { CommonName = "mx.example.com", DnsNames = ["mx.example.com", "localhost"], Addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback] });
        host.Save(At("host.crt"), At("host.key"));
        foreach (string purpose in new[] { "sslserver", "sslclient" })
        {
            string verdict = await OpenSsl.RunAsync("verify", "-x509_strict", "-no-CAfile", "-CApath", At("certs"), "-purpose", purpose, "-verify_hostname", "localhost", At("host.crt"));
            Assert.EndsWith("host.crt: OK\n", verdict, StringComparison.Ordinal);
        }

        Assert.Contains("OK", await OpenSsl.RunAsync("verify", "-no-CAfile", "-CApath", At("certs"), "-verify_ip", "::1", At("host.crt")), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(At("host.crt")).ReplaceLineEndings(), host.CertificatePem.ReplaceLineEndings());
    }

    [Fact]
    public void Keys_are_for_their_owner_alone_and_nothing_is_overwritten()
    {
        using CertificateAuthority authority = CertificateAuthority.Create("Test CA", clock);
        authority.Save(At("ca.crt"), At("ca.key"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("ca.key")));
        Assert.Throws<IOException>(() => authority.Save(At("ca.crt"), At("ca.key")));
        using IssuedCertificate host = authority.Issue(new CertificateOrder { CommonName = "mx" });
        host.Save(At("host.crt"), At("host.key"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("host.key")));
        Assert.Throws<IOException>(() => host.Save(At("host.crt"), At("host.key")));
        host.Save(At("host.crt"), At("host.key"), replace: true);
        Assert.Empty(Directory.GetFiles(directory, ".host*"));
    }

    [Fact]
    public void Certificate_does_not_outlive_its_authority()
    {
        using CertificateAuthority authority = CertificateAuthority.Create("Test CA", clock);
        clock.Advance(TimeSpan.FromDays(3600));
        using IssuedCertificate host = authority.Issue(new CertificateOrder { CommonName = "mx" });
        Assert.Equal(authority.Certificate.NotAfter, host.Certificate.NotAfter);
    }

    [Fact]
    public void Two_authorities_of_one_name_stand_side_by_side_in_the_hash_directory()
    {
        using CertificateAuthority one = CertificateAuthority.Create("Test CA", clock);
        using CertificateAuthority two = CertificateAuthority.Create("test ca ", clock);
        Assert.Equal(one.HashName, two.HashName);
        one.Save(At("one.crt"), At("one.key"), directory);
        two.Save(At("two.crt"), At("two.key"), directory);
        Assert.Equal(one.CertificatePem, File.ReadAllText(At(one.HashName + ".0")));
        Assert.Equal(two.CertificatePem, File.ReadAllText(At(one.HashName + ".1")));
    }

    [Theory]
    [InlineData("CN=Oracle Root CA, O=Oracle Test, L=Berkeley, S=California, C=US")]
    [InlineData("CN=\"  Two   Blanks  \", O=UPPER lower")]
    [InlineData("CN=Caf\u00e9 \u00c4rger")]
    [InlineData("E=ca@oracle.test, CN=Mail")]
    [InlineData("CN=a+OU=b, DC=example, DC=com")]
    public async Task Hash_name_is_OpenSSL_s(string name)
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest(new X500DistinguishedName(name), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(clock.GetUtcNow(), clock.GetUtcNow().AddDays(1));
        await File.WriteAllTextAsync(At("c.pem"), certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        Assert.Equal(await OpenSsl.RunAsync("x509", "-noout", "-subject_hash", "-in", At("c.pem")), HashName.Of(certificate.SubjectName) + "\n");
    }

    private string At(string name) => Path.Combine(directory, name);
}
