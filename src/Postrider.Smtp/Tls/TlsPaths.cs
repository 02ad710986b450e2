namespace Postrider.Smtp.Tls;

/// <summary>Where a site's TLS material is: six paths, as sendmail names them. All PEM; null means not set. Read once per load, never during a handshake.</summary>
public sealed record TlsPaths
{
    /// <summary>Directory of trust anchors under their OpenSSL hash names (<c>1a2b3c4d.0</c>); other names in it are ignored. The server side needs it, the client side does not.</summary>
    public string? CaCertPath { get; init; }

    /// <summary>File of trust anchors, one after the other. The server side needs it, the client side does not.</summary>
    public string? CaCertFile { get; init; }

    /// <summary>The server's certificate, then the intermediates that are sent with it.</summary>
    public string? ServerCertFile { get; init; }

    /// <summary>Its key, RSA or EC, without passphrase, readable by its owner alone; may be the same file.</summary>
    public string? ServerKeyFile { get; init; }

    /// <summary>The certificate shown when we connect elsewhere; without it we stay anonymous.</summary>
    public string? ClientCertFile { get; init; }

    public string? ClientKeyFile { get; init; }

    /// <summary>A user that may own the files besides root and this process's own user: <c>RunAsUser</c>, where they are loaded while we are still root. Null: nobody.</summary>
    public uint? TrustedOwner { get; init; }

    /// <summary>What the files look like now, to see later whether one was changed or exchanged, or that a hashed name was added.</summary>
    internal FileStatus?[] Stamp() =>
        [.. new[] { CaCertPath, CaCertFile, ServerCertFile, ServerKeyFile, ClientCertFile, ClientKeyFile }.Select(p => string.IsNullOrEmpty(p) ? null : FileStatus.Of(p))];
}
