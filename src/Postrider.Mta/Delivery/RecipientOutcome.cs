using Postrider.Mail;

namespace Postrider.Mta.Delivery;

/// <summary>What became of one recipient in one attempt, with the facts a DSN needs (RFC 3464 §2.3).</summary>
/// <param name="Recipient">Number in the queue envelope.</param>
/// <param name="Kind">Temporary unless known permanent.</param>
/// <param name="Status">RFC 3463.</param>
/// <param name="Message">sendmail's <c>stat=</c> text: <c>Sent</c>, <c>Deferred: Connection refused by mx.example.org.</c>, <c>User unknown</c>. One line, no control characters.</param>
public sealed record RecipientOutcome(int Recipient, OutcomeKind Kind, EnhancedStatusCode Status, string Message)
{
    /// <summary>Remote-MTA; null when none was reached.</summary>
    public string? RemoteMta { get; init; }

    /// <summary>The reply of the remote MTA that decided, its lines joined by blanks: Diagnostic-Code. Null: none.</summary>
    public string? RemoteReply { get; init; }

    /// <summary>The command that reply answered, for the transcript: <c>RCPT To:&lt;bob@example.org&gt;</c>.</summary>
    public string? Command { get; init; }

    /// <summary>The whole reply of this host that decided, where it names the address itself or none: <c>554 5.4.6 aliasing/forwarding loop broken</c>. Null: the message says it.</summary>
    public string? LocalReply { get; init; }

    /// <summary>What a program wrote, line by line: stands in a report's transcript.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Diagnostic-Code where no remote MTA gave one: <c>X-Unix; 67</c>. Null: none.</summary>
    public string? Diagnostic { get; init; }

    /// <summary>With <see cref="Diagnostic"/>, what a report gives as the reason where that is not <see cref="Message"/>.</summary>
    public string? ReportedReason { get; init; }

    /// <summary>For the log's <c>relay=</c>: <c>mx.example.org. [192.0.2.7]</c>.</summary>
    public string? Relay { get; init; }

    public ReasonChain Reasons { get; init; } = ReasonChain.None;
}
