namespace Postrider.Smtp.Tls;

/// <summary>What one TLS layer turned out to be, in the words that sendmail's macros, log lines and Received: use.</summary>
public sealed record TlsFacts
{
    public required TlsVerify Verify { get; init; }

    /// <summary><c>${tls_version}</c>: TLSv1.2, TLSv1.3.</summary>
    public required string Version { get; init; }

    /// <summary><c>${cipher}</c> in OpenSSL's spelling: TLS_AES_256_GCM_SHA384, ECDHE-RSA-AES256-GCM-SHA384.</summary>
    public required string Cipher { get; init; }

    /// <summary><c>${cipher_bits}</c>: effective key length.</summary>
    public required int CipherBits { get; init; }

    /// <summary><c>${alg_bits}</c>: key length of the algorithm.</summary>
    public required int AlgorithmBits { get; init; }

    /// <summary><c>${cert_subject}</c> in sendmail's encoding (/C=…/CN=…, specials as +HH); null without certificate.</summary>
    public string? CertSubject { get; init; }

    public string? CertIssuer { get; init; }

    public string? CnSubject { get; init; }

    public string? CnIssuer { get; init; }

    /// <summary>Why verification failed, for the operator; null when it did not.</summary>
    public string? VerifyMessage { get; init; }

    /// <summary>Server name indication: what the client asked for (server side) or was asked for (client side).</summary>
    public string? ServerName { get; init; }

    /// <summary>tls-server-end-point channel binding (RFC 5929 §4) of this connection's server certificate.</summary>
    public ReadOnlyMemory<byte> EndpointBinding { get; init; }
}
