namespace Postrider.Smtp.Sasl;

/// <summary>A store that can check a password that it is shown (PLAIN, LOGIN). Thread-safe.</summary>
public interface IPasswordVerifier
{
    /// <summary>The user's name as the store spells it, or null when there is no such user or the password is wrong; both must take the same time.</summary>
    /// <param name="userName">Prepared with <see cref="SaslPrep"/>.</param>
    /// <param name="password">Prepared with <see cref="SaslPrep"/>; never empty.</param>
    /// <exception cref="CredentialsUnavailableException">The store cannot answer.</exception>
    ValueTask<string?> VerifyAsync(string userName, string password, CancellationToken cancellationToken);
}
