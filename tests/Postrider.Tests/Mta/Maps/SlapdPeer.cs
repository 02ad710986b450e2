using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Postrider.Tests.Mta.Maps;

/// <summary>A real slapd, unpacked from Debian's package by eng/peers.sh (never installed), with a small directory, on loopback and on a local socket; shared by the tests of a class.</summary>
public sealed class SlapdPeer : IAsyncLifetime
{
    public const string Home = "/opt/peers/slapd";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("slapd");
    private Process? process;

    public static bool IsHere => File.Exists(Home + "/usr/sbin/slapd");

    public int Port { get; private set; }

    public int TlsPort => Port + 1;

    /// <summary>The certificate of the authority that signed slapd's.</summary>
    public string Authority => Path.Combine(directory.FullName, "ca.pem");

    public string Socket => Path.Combine(directory.FullName, "ldapi");

    public string Secret => Path.Combine(directory.FullName, "secret");

    public async ValueTask InitializeAsync()
    {
        if (!IsHere) return;
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "slapd.conf"), Configuration());
        await File.WriteAllTextAsync(Secret, "readpw\n");
        directory.CreateSubdirectory("db");
        directory.CreateSubdirectory("refs");
        await WriteCertificatesAsync();
        await LoadAsync(1, "db", Data);
        await LoadAsync(2, "refs", References());

        // Below the ports that the kernel gives to clients; another process may take it meanwhile.
        for (int attempt = 0; attempt < 20; attempt++)
        {
            Port = Random.Shared.Next(10_000, 32_000);
            process = Start("slapd", "-f", "slapd.conf", "-h", $"ldap://127.0.0.1:{Port}/ ldaps://127.0.0.1:{TlsPort}/ ldapi://{Uri.EscapeDataString(Socket)}/", "-d", "0");
            if (await AnswersAsync()) return;
            await StopAsync();
        }

        Assert.Fail("slapd does not start");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        directory.Delete(recursive: true);
    }

    private static string Configuration() => $"""
        include {Home}/etc/ldap/schema/core.schema
        include {Home}/etc/ldap/schema/cosine.schema
        include {Home}/etc/ldap/schema/inetorgperson.schema
        include {Home}/etc/ldap/schema/misc.schema
        modulepath {Home}/usr/lib/ldap
        moduleload back_mdb
        sizelimit 500
        TLSCertificateFile cert.pem
        TLSCertificateKeyFile key.pem
        database mdb
        maxsize 16777216
        suffix "dc=test"
        directory db
        access to attrs=description by dn.exact="cn=reader,dc=test" read by * none
        access to attrs=userPassword by anonymous auth by * none
        access to * by * read
        database mdb
        maxsize 16777216
        suffix "dc=refs"
        directory refs
        access to * by * read
        """;

    private const string Data = """
        dn: dc=test
        objectClass: dcObject
        objectClass: organization
        o: test
        dc: test

        dn: cn=reader,dc=test
        objectClass: person
        sn: r
        cn: reader
        userPassword: readpw

        dn: ou=people,dc=test
        objectClass: organizationalUnit
        ou: people

        dn: uid=alice,ou=people,dc=test
        objectClass: inetOrgPerson
        objectClass: inetLocalMailRecipient
        uid: alice
        cn: Alice Example
        sn: Example
        mail: alice@in.test
        mail: a2@in.test
        mailLocalAddress: alice@route.test
        mailHost: mx1.in.test
        mailRoutingAddress: alice@inside.test
        description: hidden

        dn: uid=bob,ou=people,dc=test
        objectClass: inetOrgPerson
        uid: bob
        cn: Bob
        sn: Example
        mail: bob@in.test

        dn: uid=odd,ou=people,dc=test
        objectClass: inetOrgPerson
        uid: odd*(x)\y
        uid: odd
        cn: Odd
        sn: Odd
        mail: odd,with comma@in.test
        title:: YQFiwoFjCmQ=

        dn: cn=list,ou=people,dc=test
        objectClass: groupOfNames
        cn: list
        member: uid=alice,ou=people,dc=test
        member: uid=bob,ou=people,dc=test
        member: cn=list,ou=people,dc=test

        dn: uid=ref,ou=people,dc=test
        objectClass: inetOrgPerson
        objectClass: labeledURIObject
        uid: ref
        cn: ref
        sn: ref
        labeledURI: ldap:///ou=people,dc=test?mail?sub?(uid=bob)
        title: (uid=alice)

        """;

    private string References() => $"""
        dn: dc=refs
        objectClass: dcObject
        objectClass: organization
        o: refs
        dc: refs

        dn: ou=elsewhere,dc=refs
        objectClass: referral
        objectClass: extensibleObject
        ou: elsewhere
        ref: ldapi://{Uri.EscapeDataString(Socket)}/ou=people,dc=test

        """;

    private async Task WriteCertificatesAsync()
    {
        using RSA authorityKey = RSA.Create(2048);
        CertificateRequest authorityRequest = new("CN=slapd test authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9));
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(8), [1, 2, 3]);
        await File.WriteAllTextAsync(Authority, authority.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "cert.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private async Task LoadAsync(int database, string files, string ldif)
    {
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, files + ".ldif"), ldif);
        using Process loading = Start("slapadd", "-f", "slapd.conf", "-n", $"{database}", "-l", files + ".ldif");
        await loading.WaitForExitAsync();
        Assert.Equal(0, loading.ExitCode);
    }

    private Process Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(Home + "/usr/sbin/slapd", program == "slapd" ? arguments : ["-T", program[4..], .. arguments]) { UseShellExecute = false, WorkingDirectory = directory.FullName };
        start.Environment["LD_LIBRARY_PATH"] = $"{Home}/usr/lib/x86_64-linux-gnu:/opt/peers/libltdl7/usr/lib/x86_64-linux-gnu";
        return Process.Start(start)!;
    }

    private async Task<bool> AnswersAsync()
    {
        for (int i = 0; i < 200 && process is { HasExited: false }; i++)
        {
            using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port));
                return !process.HasExited;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        return false;
    }

    private async Task StopAsync()
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }
}
