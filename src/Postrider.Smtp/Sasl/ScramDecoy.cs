using System.Security.Cryptography;
using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>Invents entries for users that do not exist: for the same name always the same salt, so that asking twice tells nothing.</summary>
/// <param name="secret">At least 16 octets, kept with the store: with another one after each restart, a changed salt would tell.</param>
public sealed class ScramDecoy(ReadOnlyMemory<byte> secret)
{
    public const int SaltSize = 16;

    /// <param name="iterations">What the real entries have.</param>
    public ScramCredential For(string userName, int iterations)
    {
        byte[] name = Encoding.UTF8.GetBytes(userName);
        byte[] salt = HMACSHA256.HashData(secret.Span, [.. "salt:"u8, .. name])[..SaltSize];
        // Keys that belong to no password: nobody knows a preimage of the one, and IsDecoy refuses anyway.
        byte[] storedKey = HMACSHA256.HashData(secret.Span, [.. "stored:"u8, .. name]);
        byte[] serverKey = HMACSHA256.HashData(secret.Span, [.. "server:"u8, .. name]);
        return new ScramCredential(userName, new ScramKeys(salt, iterations, storedKey, serverKey), IsDecoy: true);
    }
}
