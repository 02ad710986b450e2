using Postrider.Mta.Routing;

namespace Postrider.Mta.Users;

/// <summary>Who has an account here, as mailers with the flag w ask. Implementations are thread-safe and hold no thread of the pool while they wait.</summary>
public interface ILocalUserDirectory : ILocalUsers
{
    /// <returns>Null: there is no such user.</returns>
    /// <exception cref="MapUnavailableException">It cannot be known now.</exception>
    ValueTask<LocalUser?> FindAsync(string name, CancellationToken cancellationToken);

    /// <exception cref="MapUnavailableException">It cannot be known now.</exception>
    ValueTask<LocalUser?> FindAsync(uint uid, CancellationToken cancellationToken);
}
