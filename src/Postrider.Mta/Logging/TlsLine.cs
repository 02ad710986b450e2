namespace Postrider.Mta.Logging;

/// <summary>What the <c>STARTTLS=</c> line says about a handshake that succeeded (sendmail 8.17, oracle 20).</summary>
/// <param name="IsServer">False: outgoing.</param>
/// <param name="Verify">OK, NO, FAIL, NOT, …</param>
/// <param name="Bits">Of the cipher: both numbers are the same.</param>
public readonly record struct TlsLine(bool IsServer, string Relay, string Version, string Verify, string Cipher, int Bits);
