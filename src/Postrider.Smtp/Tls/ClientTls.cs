using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Postrider.Smtp.Tls;

/// <summary>The sending side of TLS: opportunistic, so the verdict on the server's certificate is a fact for policy (<c>tls_server</c>) and never fails the handshake. Thread-safe.</summary>
/// <remarks>Works without any path, as sendmail's does: anonymous, and every server is then <see cref="TlsVerify.Fail"/>. A certificate that cannot be used is a diagnostic, and we go on without one.</remarks>
public sealed class ClientTls
{
    private readonly TlsPaths paths;
    private readonly TimeProvider time;
    private readonly Lock loading = new();
    private volatile Loaded current;

    public ClientTls(TlsPaths paths, TimeProvider time)
    {
        this.paths = paths;
        this.time = time;
        current = Load();
    }

    /// <summary>What the last load found, naming the file and the command that mends it.</summary>
    public ImmutableArray<string> Diagnostics => current.Diagnostics;

    /// <summary>Reads the files again. What has become unusable stays as it was before.</summary>
    public void Reload()
    {
        lock (loading)
        {
            Loaded fresh = Load();
            current = fresh with { Pair = fresh.Pair ?? (paths.ClientCertFile is null ? null : current.Pair), Anchors = fresh.Anchors ?? current.Anchors };
        }
    }

    /// <param name="serverName">The next hop's host name, sent as server name indication; an address or address literal sends none (RFC 6066 §3).</param>
    /// <exception cref="AuthenticationException">The handshake failed. The connection is lost; whether to try again in clear is policy.</exception>
    /// <exception cref="IOException">The server went away during the handshake.</exception>
    public async ValueTask<TlsLayer> AuthenticateAsync(Stream transport, string serverName, CancellationToken cancellationToken)
    {
        Loaded now = current;
        PeerVerdict verdict = new();
        string indication = Indication(serverName);
        SslStream stream = new(transport, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = indication,
                ClientCertificateContext = now.Pair?.Context,
                RemoteCertificateValidationCallback = verdict.Judge,
                CertificateChainPolicy = (now.Anchors ?? TrustAnchors.None).Policy(time.GetUtcNow()),
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                EncryptionPolicy = EncryptionPolicy.RequireEncryption,
                AllowRenegotiation = false,
                AllowTlsResume = false,
            }, cancellationToken);
            return new TlsLayer(stream, verdict.Facts(stream, indication, verdict.PeerBinding));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>A DNS name without its final dot, or empty: RFC 6066 §3 allows neither the dot nor addresses, and a name that is no host name would make the handshake throw.</summary>
    private static string Indication(string serverName)
    {
        string name = serverName.TrimEnd('.');
        bool isHost = name.Length is > 0 and <= 253 && !IPAddress.TryParse(name, out _) && !name.StartsWith('.') && !name.Contains("..", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && name.Split('.').All(label => label.Length <= 63);
        return isHost ? name : "";
    }

    private Loaded Load()
    {
        List<string> diagnostics = [];
        TrustAnchors? anchors = TrustAnchors.Load(paths, bothNeeded: false, diagnostics);
        CertificatePair? pair = paths.ClientCertFile is null && paths.ClientKeyFile is null
            ? null
            : CertificatePair.Load(paths, server: false, time.GetUtcNow(), diagnostics);
        return new Loaded(pair, anchors, [.. diagnostics]);
    }

    private sealed record Loaded(CertificatePair? Pair, TrustAnchors? Anchors, ImmutableArray<string> Diagnostics);
}
