namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>What the address test mode asks of the DNS. The Mta implements it; without one, <c>/mx</c> and the others say that they have no resolver.</summary>
public interface ITestModeNetwork
{
    /// <summary>The mail exchangers of a domain.</summary>
    ValueTask<TestModeExchangers> MailExchangersAsync(string domain, CancellationToken cancellationToken);

    /// <summary>The addresses of a host as texts.</summary>
    /// <param name="host">The name.</param>
    /// <param name="family"><c>inet</c> or <c>inet6</c>; null: both.</param>
    /// <returns>Null: the DNS did not answer. Empty: there are none.</returns>
    ValueTask<IReadOnlyList<string>?> AddressesAsync(string host, string? family, CancellationToken cancellationToken);

    /// <summary>The records of one type, each as <c>TYPE data</c>, behind it what became of the question if there are none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">A record type, in any case. One that cannot be asked for is answered by a line that says so.</param>
    ValueTask<IReadOnlyList<string>> RecordsAsync(string name, string type, CancellationToken cancellationToken);
}
