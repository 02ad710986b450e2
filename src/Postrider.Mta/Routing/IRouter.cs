using Postrider.Mail;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Routing;

/// <summary>Where addresses go: read first (canonify, parse), then routed, when policy has let them through. Native, or by the site's own rulesets 3 and 0.</summary>
/// <remarks>
/// Implementations are immutable and thread-safe. They must not throw for what an address holds. A map that cannot be asked is a refusal with 451, never "unknown".
/// Asked at RCPT and again at each attempt at delivery, so that mail that waits goes where the site says now.
/// </remarks>
public interface IRouter
{
    /// <summary>For native rulesets, which resolve an address step by step.</summary>
    AddressCanonifier Canonifier { get; }

    /// <summary>Reads an address; nothing is said yet about whether somebody is there.</summary>
    /// <param name="address">As written, with its angle brackets if it has them. Not the null reverse-path.</param>
    /// <param name="kind">Sender or recipient: rulesets may tell them apart.</param>
    /// <param name="rewriting">What the caller's rules see; null: the file's macros only.</param>
    ValueTask<AddressReading> ReadAsync(string address, AddressKind kind, RewriteContext? rewriting, CancellationToken cancellationToken);

    /// <summary>Where a recipient that was read goes. For a local one: ruleset localaddr (5), and whether there is such a mailbox.</summary>
    ValueTask<RouteVerdict> RouteAsync(CanonicalAddress address, RewriteContext? rewriting, CancellationToken cancellationToken);

    /// <summary>Both, for an address that was accepted earlier.</summary>
    ValueTask<RouteVerdict> RouteAsync(ForwardPath path, CancellationToken cancellationToken);
}
