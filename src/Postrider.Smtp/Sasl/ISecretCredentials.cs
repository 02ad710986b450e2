namespace Postrider.Smtp.Sasl;

/// <summary>A store that knows the passwords themselves, as CRAM-MD5 and DIGEST-MD5 want them (Cyrus SASL's sasldb). Thread-safe.</summary>
public interface ISecretCredentials
{
    /// <summary>The realm of users who name none: AuthRealm, else <c>$j</c>. DIGEST-MD5 shows it to every client.</summary>
    string DefaultRealm { get; }

    /// <summary>The password of a user, or null if there is no such user. Names and realms are compared octet for octet, as Cyrus does.</summary>
    /// <param name="userName">As the client wrote it.</param>
    /// <param name="realm">Null: what stands behind the last <c>@</c> of the name, else the default realm.</param>
    /// <exception cref="CredentialsUnavailableException">The store cannot answer.</exception>
    ValueTask<string?> FindAsync(string userName, string? realm, CancellationToken cancellationToken);
}
