namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>What the address test mode asks of DNS. The Mta implements it; without one, <c>/mx</c> and <c>/canon</c> say that they have no resolver.</summary>
public interface ITestModeNetwork
{
    /// <summary>The mail exchangers of a domain in the order of preference, as sendmail would try them, each with a dot behind; null for a null MX (RFC 7505 §3).</summary>
    ValueTask<IReadOnlyList<string>?> MailExchangersAsync(string domain, CancellationToken cancellationToken);

    /// <summary>The canonical name of a host; the name itself if there is none.</summary>
    ValueTask<string> CanonicalNameAsync(string host, CancellationToken cancellationToken);
}
