using System.Security.Cryptography;

namespace Postrider.Smtp.Sasl;

/// <summary>What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 §3, RFC 7677): enough to check it, not enough to log in elsewhere with it.</summary>
/// <param name="Salt">At least one octet; ours are 16.</param>
/// <param name="Iterations">At least 4096 (RFC 7677 §4).</param>
/// <param name="StoredKey">H(ClientKey), 32 octets.</param>
/// <param name="ServerKey">32 octets.</param>
public sealed record ScramKeys(ReadOnlyMemory<byte> Salt, int Iterations, ReadOnlyMemory<byte> StoredKey, ReadOnlyMemory<byte> ServerKey)
{
    /// <summary>Octets of each key.</summary>
    public const int KeySize = 32;

    public const int MinIterations = 4096;

    /// <summary>Above this, one attempt to log in would occupy a processor for a second or more, which a hostile server could ask of our client, or a slip in the store of our server.</summary>
    public const int MaxIterations = 2_000_000;

    /// <param name="password">Already prepared with <see cref="SaslPrep"/>, in UTF-8.</param>
    public static ScramKeys Derive(ReadOnlySpan<byte> password, ReadOnlyMemory<byte> salt, int iterations)
    {
        Span<byte> salted = stackalloc byte[KeySize];
        Span<byte> clientKey = stackalloc byte[KeySize];
        // RFC 5802 §2.2: Hi() is PBKDF2 with HMAC as the PRF and the length of one hash.
        Rfc2898DeriveBytes.Pbkdf2(password, salt.Span, salted, iterations, HashAlgorithmName.SHA256);
        HMACSHA256.HashData(salted, "Client Key"u8, clientKey);
        byte[] storedKey = SHA256.HashData(clientKey);
        byte[] serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        CryptographicOperations.ZeroMemory(salted);
        CryptographicOperations.ZeroMemory(clientKey);
        return new ScramKeys(salt, iterations, storedKey, serverKey);
    }

    /// <summary>True when the password gives these keys; takes the same time for any wrong one.</summary>
    public bool Matches(ReadOnlySpan<byte> password)
    {
        ScramKeys derived = Derive(password, Salt, Iterations);
        return CryptographicOperations.FixedTimeEquals(derived.StoredKey.Span, StoredKey.Span)
            & CryptographicOperations.FixedTimeEquals(derived.ServerKey.Span, ServerKey.Span);
    }
}
