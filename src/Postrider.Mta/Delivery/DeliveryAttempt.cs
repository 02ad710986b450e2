using Postrider.Queue;

namespace Postrider.Mta.Delivery;

/// <summary>One message on its way to one {mailer, host}, for the recipients that go there.</summary>
public sealed record DeliveryAttempt
{
    public required QueueEnvelope Envelope { get; init; }

    /// <summary>The reverse-path as the mailer's rulesets write it (<c>$g</c>), without angle brackets; null: as in the envelope.</summary>
    public string? Sender { get; init; }

    /// <summary>Mailer name; the agent was chosen by it.</summary>
    public required string Mailer { get; init; }

    /// <summary>As in <see cref="Routing.MailerTriple.Host"/>.</summary>
    public required string Host { get; init; }

    public required IReadOnlyList<DeliveryRecipient> Recipients { get; init; }

    public required long ContentOctets { get; init; }

    /// <summary>As the peer sent it, <see cref="Postrider.Queue.MessageSize"/>; null: as stored.</summary>
    public long? ReceivedOctets { get; init; }

    /// <summary>Opens the content from its beginning: CRLF lines, no dot-stuffing, trace fields included, no Return-Path. May be called again for a second address of the same host.</summary>
    public required Func<CancellationToken, ValueTask<Stream>> OpenContent { get; init; }
}
