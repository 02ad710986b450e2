using Postrider.Queue;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Routing;

/// <summary>Who a recipient stands for, once policy has let it through: itself, or the members of an alias. Asked at RCPT, before the reply. Immutable and thread-safe.</summary>
public interface IRecipientExpansion
{
    /// <param name="recipient">As the peer named it, with its DSN parameters.</param>
    /// <param name="address">The same, read by the router.</param>
    /// <param name="rewriting">What the session's rules see; null: no rules.</param>
    /// <returns>A refusal when there is nobody, or when it cannot be known now (451).</returns>
    ValueTask<RecipientExpansion> ExpandAsync(QueueRecipient recipient, CanonicalAddress address, RewriteContext? rewriting, CancellationToken cancellationToken);
}
