using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Client;

/// <summary>The client's side of a TLS handshake, as <see cref="SmtpClientSession"/> needs it. The peer's certificate is verified and the verdict told in the facts; verification never fails the handshake.</summary>
/// <param name="transport">Nothing of the handshake has been read from it.</param>
/// <param name="serverName">The name the peer is expected under; an address literal when only an address is known.</param>
/// <exception cref="System.Security.Authentication.AuthenticationException">The handshake failed. The session ends; it never goes on in clear.</exception>
public delegate ValueTask<TlsLayer> ClientHandshake(Stream transport, string serverName, CancellationToken cancellationToken);
