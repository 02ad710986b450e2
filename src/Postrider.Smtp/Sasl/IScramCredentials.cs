namespace Postrider.Smtp.Sasl;

/// <summary>A store that keeps SCRAM-SHA-256 keys. Thread-safe.</summary>
public interface IScramCredentials
{
    /// <summary>The entry of a user, or a decoy (<see cref="ScramDecoy"/>) with the iteration count of this store's entries; never null, so that no caller forgets the decoy.</summary>
    /// <param name="userName">Prepared with <see cref="SaslPrep"/>; folding its case is the store's matter.</param>
    /// <exception cref="CredentialsUnavailableException">The store cannot answer.</exception>
    ValueTask<ScramCredential> FindAsync(string userName, CancellationToken cancellationToken);
}
