namespace Postrider.Smtp.Tls;

/// <summary>A handshake that succeeded: the stream to go on with, and what it is.</summary>
public sealed record TlsLayer(Stream Stream, TlsFacts Facts);
