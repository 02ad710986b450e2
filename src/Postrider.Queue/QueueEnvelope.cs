using System.Collections.Immutable;
using Postrider.Mail;

namespace Postrider.Queue;

/// <summary>What never changes about a queue entry: the envelope as it was accepted (RFC 5321 §2.3.1) and the facts of its arrival.</summary>
public sealed record QueueEnvelope
{
    public required QueueId Id { get; init; }

    public required DateTimeOffset ArrivalTime { get; init; }

    public required ReversePath ReversePath { get; init; }

    /// <summary>At least one.</summary>
    public required ImmutableArray<QueueRecipient> Recipients { get; init; }

    public BodyType Body { get; init; }

    public DsnReturn Return { get; init; }

    public string? EnvelopeId { get; init; }

    /// <summary>AUTH= to pass on (RFC 4954 §5): null absent, empty <c>&lt;&gt;</c>.</summary>
    public string? Auth { get; init; }

    public DeliverBy? DeliverBy { get; init; }

    /// <summary>The peer as Received: and DSNs name it: <c>client.example.net [192.0.2.1]</c>, or <c>user@localhost</c>.</summary>
    public string? ReceivedFrom { get; init; }

    /// <summary>Received: fields when it was accepted.</summary>
    public int HopCount { get; init; }

    /// <summary>True for a notification of our own: it is never warned about and its failure is a double bounce.</summary>
    public bool IsNotification { get; init; }

    /// <summary>Macros that live as long as the message (sendmail's class persistentMacros: r s _ {daemon_flags} …).</summary>
    public ImmutableDictionary<string, string> Macros { get; init; } = ImmutableDictionary<string, string>.Empty;
}
