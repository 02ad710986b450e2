using Postrider.Mail;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Receiving;

/// <summary>What the <c>from=</c> line says about a transaction.</summary>
public sealed record TransactionSummary
{
    public required string QueueId { get; init; }

    public required SmtpSessionFacts Session { get; init; }

    /// <summary>As the peer wrote it: <c>&lt;a@example.net&gt;</c>.</summary>
    public required string From { get; init; }

    /// <summary>Octets of content as sendmail counts them: a line end is one; 0 when none came.</summary>
    public long Octets { get; init; }

    public int Recipients { get; init; }

    /// <summary>Null: no message.</summary>
    public string? MessageId { get; init; }

    public BodyType Body { get; init; }

    /// <summary>True: the queue has it.</summary>
    public bool IsAccepted { get; init; }
}
