namespace Postrider.Mta.Routing;

/// <summary>Who has a mailbox of this host, for local mailers with the flag w (as sendmail asks getpwnam). Implementations are thread-safe and hold no thread while they wait.</summary>
public interface ILocalUsers
{
    /// <returns>Whether there is such a user; letters as written.</returns>
    /// <exception cref="MapUnavailableException">It cannot be known now.</exception>
    ValueTask<bool> ExistsAsync(string user, CancellationToken cancellationToken);
}
