using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postrider.Mta.Certificates;
using Postrider.Smtp.Tls;
using Postrider.Testing;

namespace Postrider.Tests.Smtp.Tls;

/// <summary>A directory with an authority, a server's pair and peers' certificates of every kind, and both ends of a connection.</summary>
public sealed class TlsSite : IDisposable
{
    public TlsSite()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("postrider-tls-").FullName;
        Authority = CertificateAuthority.Create("Oracle Root CA", Clock);
        Stranger = CertificateAuthority.Create("Other CA", Clock);
        Authority.Save(At("ca.crt"), At("ca.key"), Directory);
        using IssuedCertificate server = Authority.Issue(new CertificateOrder { CommonName = "mx.example.com", Addresses = [IPAddress.Loopback] });
        server.Save(At("server.crt"), At("server.key"));
        Paths = new TlsPaths { CaCertPath = Directory, CaCertFile = At("ca.crt"), ServerCertFile = At("server.crt"), ServerKeyFile = At("server.key") };
    }

    public ManualTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    public string Directory { get; }

    public TlsPaths Paths { get; }

    public CertificateAuthority Authority { get; }

    public CertificateAuthority Stranger { get; }

    public string At(string name) => Path.Combine(Directory, name);

    public ServerTls Server() => new(Paths, Clock);

    public static X509Certificate2 WithKey(IssuedCertificate issued) => X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);

    public X509Certificate2 SelfSigned(string name)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(Clock.GetUtcNow().AddDays(-1), Clock.GetUtcNow().AddDays(30));
    }

    /// <summary>Handshakes, then shows that the session goes on: an octet each way.</summary>
    public static async Task<(TlsFacts Facts, X509Certificate2? ServerCertificate)> MeetAsync(ServerTls server, X509Certificate2? clientCertificate = null,
        SslProtocols protocol = SslProtocols.None, X509Certificate2Collection? clientChain = null)
    {
        (Stream near, Stream far) = await ConnectAsync();
        await using Stream nearOwned = near;
        await using SslStream client = new(far);
        Task<TlsLayer> serving = server.AuthenticateAsync(near, TestContext.Current.CancellationToken).AsTask();
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mx.example.com",
            EnabledSslProtocols = protocol,
            ClientCertificateContext = clientCertificate is null ? null : SslStreamCertificateContext.Create(clientCertificate, clientChain, offline: true),
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }, TestContext.Current.CancellationToken);
        TlsLayer layer = await serving;
        await client.WriteAsync(new byte[] { 42 }, TestContext.Current.CancellationToken);
        byte[] buffer = new byte[1];
        Assert.Equal(1, await layer.Stream.ReadAsync(buffer, TestContext.Current.CancellationToken));
        await layer.Stream.WriteAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal(1, await client.ReadAsync(buffer, TestContext.Current.CancellationToken));
        Assert.Equal(42, buffer[0]);
        X509Certificate2? shown = client.RemoteCertificate as X509Certificate2;
        return (layer.Facts, shown is null ? null : X509CertificateLoader.LoadCertificate(shown.RawData));
    }

    public static async Task<(Stream Near, Stream Far)> ConnectAsync()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Socket far = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Task<Socket> accepting = listener.AcceptSocketAsync();
        await far.ConnectAsync(listener.LocalEndpoint);
        Socket near = await accepting;
        near.NoDelay = true;
        return (new NetworkStream(near, ownsSocket: true), new NetworkStream(far, ownsSocket: true));
    }

    public void Dispose()
    {
        Authority.Dispose();
        Stranger.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
