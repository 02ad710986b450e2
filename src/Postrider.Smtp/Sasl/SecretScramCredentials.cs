using System.Security.Cryptography;
using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>Makes SCRAM keys from passwords that a store knows, so that it serves SCRAM too. Thread-safe.</summary>
/// <remarks>The salt is the same for a name as long as the process lives; it need not be kept, because the client derives its keys anew each time.</remarks>
/// <param name="hash">SHA-1 or SHA-256.</param>
public sealed class SecretScramCredentials(ISecretCredentials credentials, HashAlgorithmName hash) : IScramCredentials
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    public async ValueTask<ScramCredential> FindAsync(string userName, CancellationToken cancellationToken)
    {
        string? password = await credentials.FindAsync(userName, realm: null, cancellationToken);
        byte[] name = Encoding.UTF8.GetBytes(userName);
        byte[] salt = HMACSHA256.HashData(secret, name)[..ScramDecoy.SaltSize];
        // Who does not exist is derived too: what takes the time is the derivation.
        byte[] octets = password is null ? secret : Encoding.UTF8.GetBytes(SaslPrep.Prepare(password) ?? password);
        ScramKeys keys = ScramKeys.Derive(octets, salt, ScramKeys.MinIterations, hash);
        if (password is not null) CryptographicOperations.ZeroMemory(octets);
        return new ScramCredential(userName, keys, IsDecoy: string.IsNullOrEmpty(password));
    }
}
