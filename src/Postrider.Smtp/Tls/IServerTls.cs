namespace Postrider.Smtp.Tls;

/// <summary>The server's side of TLS, as the session needs it. One instance serves many sessions, concurrently; certificates may change underneath.</summary>
public interface IServerTls
{
    /// <summary>False: STARTTLS is not offered, and answered 454 4.3.3 (oracle 01, 21).</summary>
    bool IsAvailable { get; }

    /// <summary>Performs the handshake over a stream on which nothing of the handshake has been read. A client certificate is asked for and verified; verification never fails the handshake.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The handshake failed. The session ends; it never goes on in clear.</exception>
    ValueTask<TlsLayer> AuthenticateAsync(Stream transport, CancellationToken cancellationToken);
}
