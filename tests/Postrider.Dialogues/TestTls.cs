using Postrider.Mta.Certificates;
using Postrider.Smtp.Tls;

namespace Postrider.Dialogues;

/// <summary>The server side of TLS with an authority and a certificate made for this run.</summary>
internal static class TestTls
{
    private static readonly Lazy<ServerTls> Made = new(Make);

    public static ServerTls Server => Made.Value;

    private static ServerTls Make()
    {
        string folder = Directory.CreateTempSubdirectory("postrider-dialogues-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        using CertificateAuthority authority = CertificateAuthority.Create("Dialogue CA", TimeProvider.System);
        authority.Save(Path.Combine(folder, "ca.crt"), Path.Combine(folder, "ca.key"));
        using IssuedCertificate server = authority.Issue(new CertificateOrder { CommonName = "mx.example.com", DnsNames = ["mx.example.com"] });
        server.Save(Path.Combine(folder, "server.crt"), Path.Combine(folder, "server.key"));
        ServerTls tls = new(
            new TlsPaths
            {
                CaCertPath = folder,
                CaCertFile = Path.Combine(folder, "ca.crt"),
                ServerCertFile = Path.Combine(folder, "server.crt"),
                ServerKeyFile = Path.Combine(folder, "server.key"),
            },
            TimeProvider.System);
        return tls.IsAvailable ? tls : throw new InvalidOperationException("no TLS for the dialogues: " + string.Join("; ", tls.Diagnostics));
    }
}
