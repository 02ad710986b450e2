using System.Security.Cryptography;
using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>Checks passwords against a store that knows them, so that it serves PLAIN and LOGIN too.</summary>
public sealed class SecretPasswordVerifier(ISecretCredentials credentials) : IPasswordVerifier
{
    public async ValueTask<string?> VerifyAsync(string userName, string password, CancellationToken cancellationToken)
    {
        string? known = await credentials.FindAsync(userName, realm: null, cancellationToken);
        // Prepared on both sides: the same characters from two keyboards are one password. Digests have one length, whatever the passwords have.
        byte[] shown = SHA256.HashData(Encoding.UTF8.GetBytes(password));
        byte[] kept = SHA256.HashData(Encoding.UTF8.GetBytes(known is null ? "" : SaslPrep.Prepare(known) ?? known));
        bool matches = CryptographicOperations.FixedTimeEquals(shown, kept);
        return matches & !string.IsNullOrEmpty(known) ? userName : null;
    }
}
