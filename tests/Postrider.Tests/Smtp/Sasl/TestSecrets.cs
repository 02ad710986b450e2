using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Smtp.Sasl;

/// <summary>Passwords in memory, by name and realm.</summary>
internal sealed class TestSecrets(string realm, params (string User, string Realm, string Password)[] users) : ISecretCredentials
{
    public bool IsDown { get; set; }

    public string DefaultRealm => realm;

    public ValueTask<string?> FindAsync(string userName, string? realm, CancellationToken cancellationToken)
    {
        if (IsDown) throw new CredentialsUnavailableException("users: cannot be read");
        int at = realm is null ? userName.LastIndexOf('@') : -1;
        (string user, string inRealm) = at < 0 ? (userName, realm ?? DefaultRealm) : (userName[..at], userName[(at + 1)..]);
        return ValueTask.FromResult(users.FirstOrDefault(one => one.User == user && one.Realm == inRealm).Password)!;
    }
}
