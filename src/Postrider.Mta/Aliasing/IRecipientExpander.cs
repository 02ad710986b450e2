using System.Collections.Immutable;
using Postrider.Mail;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Aliasing;

/// <summary>What aliases make of recipients. Asked by receiving: at RCPT whether there is somebody, before the commit where the message goes; and for VRFY and EXPN.</summary>
/// <remarks>Thread-safe. <c>rewriting</c> is what the session's rules see; null: no session.</remarks>
public interface IRecipientExpander
{
    /// <summary>RCPT. An alias that exists is somebody; what it leads to is not looked at (sendmail 8.17, oracle 14: <c>gone: x@y.REDIRECT</c> is 250 here).</summary>
    ValueTask<RecipientCheck> CheckAsync(CanonicalAddress address, RewriteContext? rewriting, CancellationToken cancellationToken);

    /// <summary>What the queue is given: everybody the recipients lead to, once each. A recipient without alias stays as it is.</summary>
    /// <param name="sender">For MeToo.</param>
    /// <param name="log">Told each alias and its right-hand side.</param>
    /// <returns>May be empty: a list without members.</returns>
    /// <exception cref="MapUnavailableException">A map cannot be asked; nothing may be accepted.</exception>
    /// <exception cref="ExpansionTooLargeException">Nothing may be accepted.</exception>
    ValueTask<ImmutableArray<QueueRecipient>> ExpandAsync(IReadOnlyList<QueueRecipient> recipients, ReversePath sender, RewriteContext? rewriting, Action<string, string>? log, CancellationToken cancellationToken);

    /// <summary>The reply to VRFY or EXPN.</summary>
    /// <param name="argument">As written; may be a list.</param>
    /// <param name="isExpansion">EXPN: what aliases lead to; VRFY: who is named.</param>
    ValueTask<SmtpReply> DescribeAsync(string argument, bool isExpansion, RewriteContext? rewriting, CancellationToken cancellationToken);
}
