using System.Security.Cryptography;
using System.Text;
using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Smtp.Sasl;

/// <summary>A client's side of SCRAM written straight from RFC 5802 §3, apart from the one under test.</summary>
internal static class ScramPeer
{
    public static async Task<SaslStep> RunAsync(ISaslServerExchange server, string user, string password, string? authorizationId = null, byte[]? binding = null)
    {
        string header = (binding is null ? "n," : "p=tls-server-end-point,") + (authorizationId is null ? "" : "a=" + authorizationId) + ",";
        string bare = $"n={user},r=clientnonce";
        SaslStep first = await server.NextAsync(TestCredentials.Octets(header + bare), TestContext.Current.CancellationToken);
        if (first.Outcome != SaslOutcome.Challenge) return first;
        string serverFirst = Encoding.ASCII.GetString(first.Data.Span);
        string[] parts = serverFirst.Split(',');
        HashAlgorithmName hash = server.Mechanism == "SCRAM-SHA-1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(parts[1][2..]), int.Parse(parts[2][2..], System.Globalization.CultureInfo.InvariantCulture), hash, hash == HashAlgorithmName.SHA1 ? 20 : 32);
        byte[] clientKey = CryptographicOperations.HmacData(hash, salted, "Client Key"u8);
        string withoutProof = $"c={Convert.ToBase64String([.. Encoding.UTF8.GetBytes(header), .. binding ?? []])},{parts[0]}";
        byte[] authMessage = Encoding.UTF8.GetBytes($"{bare},{serverFirst},{withoutProof}");
        byte[] signature = CryptographicOperations.HmacData(hash, CryptographicOperations.HashData(hash, clientKey), authMessage);
        byte[] proof = [.. clientKey.Zip(signature, (a, b) => (byte)(a ^ b))];
        return await server.NextAsync(TestCredentials.Octets($"{withoutProof},p={Convert.ToBase64String(proof)}"), TestContext.Current.CancellationToken);
    }
}
