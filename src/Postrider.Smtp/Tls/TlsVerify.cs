namespace Postrider.Smtp.Tls;

/// <summary>sendmail's <c>${verify}</c>: what is known about the peer's certificate (reference: STARTTLS document; oracle 20).</summary>
public enum TlsVerify
{
    /// <summary>STARTTLS was not performed.</summary>
    None,

    /// <summary>Verified up to one of the site's own trust anchors.</summary>
    Ok,

    /// <summary>No certificate was presented.</summary>
    No,

    /// <summary>None was asked for.</summary>
    Not,

    /// <summary>Presented, and not verifiable: unknown CA, expired, self-signed, revoked.</summary>
    Fail,

    /// <summary>Temporary error.</summary>
    Temp,

    /// <summary>The peer broke the protocol around STARTTLS.</summary>
    Protocol,

    /// <summary>Our own TLS configuration does not work.</summary>
    Config,

    /// <summary>The handshake failed.</summary>
    Software,

    /// <summary>Fell back to clear.</summary>
    Clear,
}
