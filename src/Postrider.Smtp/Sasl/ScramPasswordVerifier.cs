using System.Security.Cryptography;
using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>Checks passwords against SCRAM keys, so that one store without passwords serves PLAIN and LOGIN as well.</summary>
public sealed class ScramPasswordVerifier(IScramCredentials credentials) : IPasswordVerifier
{
    public async ValueTask<string?> VerifyAsync(string userName, string password, CancellationToken cancellationToken)
    {
        ScramCredential credential = await credentials.FindAsync(userName, cancellationToken);
        byte[] octets = Encoding.UTF8.GetBytes(password);
        // The derivation comes first, for decoys too: it is what takes the time.
        bool matches = credential.Keys.Matches(octets);
        CryptographicOperations.ZeroMemory(octets);
        return matches && !credential.IsDecoy && password.Length > 0 ? credential.UserName : null;
    }
}
