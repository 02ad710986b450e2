using Postrider.Mail;
using Postrider.Mta.Delivery;

namespace Postrider.Mta.Logging;

/// <summary>What the <c>to=</c> line says about one recipient after one attempt.</summary>
/// <param name="Delay">Since the message arrived.</param>
/// <param name="AttemptDelay"><c>xdelay=</c>: this attempt; null: none was made.</param>
public readonly record struct ToLine(string QueueId, ForwardPath Recipient, OutcomeKind Kind, TimeSpan Delay, TimeSpan? AttemptDelay, EnhancedStatusCode Status, string Stat)
{
    public string? Mailer { get; init; }

    /// <summary>An alias named it: it stands in the log as it stands there, without angle brackets (sendmail 8.17, oracle 60).</summary>
    public bool IsExpanded { get; init; }

    /// <summary>sendmail's priority: size + recipients × 30000 + attempts × 90000.</summary>
    public long Priority { get; init; }

    public string? Relay { get; init; }

    /// <summary>What the remote host said, when that decided.</summary>
    public string? Reply { get; init; }
}
