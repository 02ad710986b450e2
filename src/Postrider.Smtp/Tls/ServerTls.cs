using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Postrider.Smtp.Tls;

/// <summary>The server's side of TLS, from the site's files. Thread-safe; a reload concerns the handshakes that begin after it.</summary>
/// <remarks>
/// TLS 1.2 and 1.3 only. Differs from sendmail, which takes what OpenSSL's configuration allows, because RFC 8996 §4 and §5 say that TLS 1.0 and 1.1 must not be used.
/// A session is never resumed: a ticket would carry a certificate without the intermediates it was verified by, and outlive the authorities that vouched for it. The names of our
/// authorities are not sent with the certificate request (RFC 8446 §4.2.4 makes them optional): any certificate may be shown, and is then judged.
/// </remarks>
public sealed class ServerTls : IServerTls
{
    private readonly TlsPaths paths;
    private readonly TimeProvider time;
    private readonly Lock loading = new();
    private volatile Loaded current;

    public ServerTls(TlsPaths paths, TimeProvider time)
    {
        this.paths = paths;
        this.time = time;
        current = Load();
    }

    public bool IsAvailable => current.Pair is not null;

    /// <summary>What the last load found, each naming the file and, where there is one, the command that mends it. Warnings when <see cref="IsAvailable"/>, else the reasons.</summary>
    public ImmutableArray<string> Diagnostics => current.Diagnostics;

    /// <summary>Reads the files again. False when they are unusable and working ones were loaded before: those stay, and <see cref="Diagnostics"/> says what is wrong with the new ones.</summary>
    public bool Reload()
    {
        lock (loading)
        {
            Loaded fresh = Load();
            bool keep = fresh.Pair is null && current.Pair is not null;
            current = keep ? current with { Diagnostics = fresh.Diagnostics, Stamp = fresh.Stamp } : fresh;
            return !keep;
        }
    }

    /// <summary>Reads the files again if one of them looks different from the last time; for a timer. True: it did, and <see cref="Diagnostics"/> are new.</summary>
    public bool ReloadIfChanged()
    {
        if (current.Stamp.AsSpan().SequenceEqual(paths.Stamp())) return false;
        Reload();
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Called although <see cref="IsAvailable"/> is false.</exception>
    /// <exception cref="IOException">The peer went away during the handshake.</exception>
    public async ValueTask<TlsLayer> AuthenticateAsync(Stream transport, CancellationToken cancellationToken)
    {
        Loaded now = current;
        if (now.Pair is not { } pair) throw new InvalidOperationException("TLS is not available: " + string.Join("; ", now.Diagnostics));
        PeerVerdict verdict = new();
        string? serverName = null;
        SslStream stream = new(transport, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsServerAsync((_, hello, _, _) =>
            {
                serverName = hello.ServerName;
                return ValueTask.FromResult(Options(now, verdict));
            }, state: null, cancellationToken);
            return new TlsLayer(stream, verdict.Facts(stream, serverName, pair.EndpointBinding));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private SslServerAuthenticationOptions Options(Loaded loaded, PeerVerdict verdict) => new()
    {
        ServerCertificateContext = loaded.Pair!.Context,
        ClientCertificateRequired = true, // asks; the callback says yes also to none at all
        RemoteCertificateValidationCallback = verdict.Judge,
        CertificateChainPolicy = loaded.Anchors.Policy(time.GetUtcNow()),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        AllowRenegotiation = false,
        AllowTlsResume = false,
    };

    private Loaded Load()
    {
        List<string> diagnostics = [];
        FileStatus?[] stamp = paths.Stamp(); // before reading: what changes meanwhile is seen next time
        // sendmail 8.17, oracle 21: all four must be set and usable, else STARTTLS is not offered.
        TrustAnchors? anchors = TrustAnchors.Load(paths, bothNeeded: true, diagnostics);
        CertificatePair? pair = CertificatePair.Load(paths, server: true, time.GetUtcNow(), diagnostics);
        return new Loaded(anchors is null ? null : pair, anchors ?? TrustAnchors.None, [.. diagnostics], stamp);
    }

    private sealed record Loaded(CertificatePair? Pair, TrustAnchors Anchors, ImmutableArray<string> Diagnostics, FileStatus?[] Stamp);
}
