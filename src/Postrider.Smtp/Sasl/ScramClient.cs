using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>SCRAM-SHA-256 and, with a binding, SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677). The server proves that it has the user's keys before its 235 is believed.</summary>
internal sealed class ScramClient : ISaslClientExchange
{
    private readonly SaslCredentials credentials;
    private readonly string nonce;
    private readonly string gs2Header;
    private readonly ReadOnlyMemory<byte>? binding;
    private readonly string firstBare;
    private byte[]? serverSignature;
    private Phase phase = Phase.Start;

    /// <param name="flag">The GS2 flag: n, y, or p= with the binding's name.</param>
    public ScramClient(SaslCredentials credentials, string nonce, string flag, ReadOnlyMemory<byte>? binding)
    {
        this.credentials = credentials;
        this.nonce = nonce;
        this.binding = binding;
        gs2Header = $"{flag},{(string.IsNullOrEmpty(credentials.AuthorizationId) ? "" : "a=" + ScramMessage.EncodeName(credentials.AuthorizationId))},";
        firstBare = $"n={ScramMessage.EncodeName(credentials.UserName)},r={nonce}";
    }

    private enum Phase { Start, First, Final, Proved, Broken }

    public string Mechanism => binding is null ? "SCRAM-SHA-256" : "SCRAM-SHA-256-PLUS";

    public bool MayComplete => phase == Phase.Proved;

    public byte[]? InitialResponse()
    {
        phase = Phase.First;
        return Encoding.UTF8.GetBytes(gs2Header + firstBare);
    }

    public byte[]? Respond(ReadOnlySpan<byte> challenge)
    {
        if (phase == Phase.Start) return InitialResponse();
        string? message = SaslText.Decode(challenge);
        byte[]? answer = (message, phase) switch
        {
            (null, _) => null,
            (_, Phase.First) => ServerFirst(message),
            (_, Phase.Final) => ServerFinal(message),
            _ => null,
        };
        if (answer is null) phase = Phase.Broken;
        return answer;
    }

    public void Dispose()
    {
        if (serverSignature is not null) CryptographicOperations.ZeroMemory(serverSignature);
    }

    // server-first-message = [m=…,] r=nonce,s=salt,i=iterations[,extensions]
    private byte[]? ServerFirst(string message)
    {
        if (ScramMessage.Attributes(message) is not [{ Key: 'r' } returned, { Key: 's' } salt, { Key: 'i' } count, ..]) return null;
        // RFC 5802 §5.1: the client MUST verify that the nonce begins with its own; the server must have added something, or it repeats an old exchange.
        if (!returned.Value.StartsWith(nonce, StringComparison.Ordinal) || returned.Value.Length == nonce.Length || !ScramMessage.IsNonce(returned.Value)) return null;
        if (ScramMessage.DecodeBase64(salt.Value) is not { Length: > 0 } saltOctets) return null;
        // RFC 7677 §4: at least 4096; a server that asks for fewer wants the password cheaply.
        if (!int.TryParse(count.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int iterations) || iterations is < ScramKeys.MinIterations or > ScramKeys.MaxIterations) return null;

        byte[] channel = [.. Encoding.UTF8.GetBytes(gs2Header), .. binding is { } b ? b.Span : []];
        string withoutProof = $"c={Convert.ToBase64String(channel)},r={returned.Value}";
        byte[] authMessage = Encoding.UTF8.GetBytes($"{firstBare},{message},{withoutProof}");

        byte[] password = Encoding.UTF8.GetBytes(credentials.Password);
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(password, saltOctets, iterations, HashAlgorithmName.SHA256, ScramKeys.KeySize);
        byte[] clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        byte[] proof = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
        for (int i = 0; i < proof.Length; i++) proof[i] ^= clientKey[i];
        serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage);
        CryptographicOperations.ZeroMemory(password);
        CryptographicOperations.ZeroMemory(salted);
        CryptographicOperations.ZeroMemory(clientKey);
        phase = Phase.Final;
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    // server-final-message = (e=error / v=verifier) [,extensions]; the answer is empty (RFC 4954 §4: the message comes as a challenge).
    private byte[]? ServerFinal(string message)
    {
        if (ScramMessage.Attributes(message) is not [{ Key: 'v' } verifier, ..] || ScramMessage.DecodeBase64(verifier.Value) is not { } shown) return null;
        if (!CryptographicOperations.FixedTimeEquals(shown, serverSignature)) return null;
        phase = Phase.Proved;
        return [];
    }
}
