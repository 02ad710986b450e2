using System.Security.Cryptography;

namespace Postrider.Smtp.Sasl;

/// <summary>What a server keeps of a password for SCRAM (RFC 5802 §3, RFC 7677): enough to check it, not enough to log in elsewhere with it.</summary>
/// <param name="Salt">At least one octet; ours are 16.</param>
/// <param name="Iterations">At least 4096 (RFC 7677 §4).</param>
/// <param name="StoredKey">H(ClientKey), as long as the hash: 32 octets with SHA-256.</param>
/// <param name="ServerKey">As long as the hash.</param>
public sealed record ScramKeys(ReadOnlyMemory<byte> Salt, int Iterations, ReadOnlyMemory<byte> StoredKey, ReadOnlyMemory<byte> ServerKey)
{
    /// <summary>Octets of each key with SHA-256, the hash of every store that keeps keys.</summary>
    public const int KeySize = 32;

    public const int MinIterations = 4096;

    /// <summary>Above this, one attempt to log in would occupy a processor for a second or more, which a hostile server could ask of our client, or a slip in the store of our server.</summary>
    public const int MaxIterations = 2_000_000;

    /// <summary>SHA-256, the default, or SHA-1.</summary>
    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    /// <param name="password">Already prepared with <see cref="SaslPrep"/>, in UTF-8.</param>
    /// <param name="hash">SHA-1, or SHA-256 if it is not said.</param>
    public static ScramKeys Derive(ReadOnlySpan<byte> password, ReadOnlyMemory<byte> salt, int iterations, HashAlgorithmName? hash = null)
    {
        HashAlgorithmName used = hash ?? HashAlgorithmName.SHA256;
        int size = used == HashAlgorithmName.SHA256 ? KeySize : SHA1.HashSizeInBytes;
        // RFC 5802 §2.2: Hi() is PBKDF2 with HMAC as the PRF and the length of one hash.
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(password, salt.Span, iterations, used, size);
        byte[] clientKey = CryptographicOperations.HmacData(used, salted, "Client Key"u8);
        byte[] storedKey = CryptographicOperations.HashData(used, clientKey);
        byte[] serverKey = CryptographicOperations.HmacData(used, salted, "Server Key"u8);
        CryptographicOperations.ZeroMemory(salted);
        CryptographicOperations.ZeroMemory(clientKey);
        return new ScramKeys(salt, iterations, storedKey, serverKey) { Hash = used };
    }

    /// <summary>True when the password gives these keys; takes the same time for any wrong one.</summary>
    public bool Matches(ReadOnlySpan<byte> password)
    {
        ScramKeys derived = Derive(password, Salt, Iterations, Hash);
        return CryptographicOperations.FixedTimeEquals(derived.StoredKey.Span, StoredKey.Span)
            & CryptographicOperations.FixedTimeEquals(derived.ServerKey.Span, ServerKey.Span);
    }
}
