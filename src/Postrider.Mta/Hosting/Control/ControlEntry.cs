using Postrider.Queue;

namespace Postrider.Mta.Hosting.Control;

/// <summary>A queue entry as <c>mailq</c> shows it.</summary>
public sealed record ControlEntry
{
    public required string Id { get; init; }

    /// <summary>Content in octets.</summary>
    public required long Size { get; init; }

    public required DateTimeOffset Arrival { get; init; }

    /// <summary>Without angle brackets; empty for the null reverse-path.</summary>
    public required string Sender { get; init; }

    /// <summary>Those that are not final.</summary>
    public required IReadOnlyList<ControlRecipient> Recipients { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? Due { get; init; }

    public bool IsLeased { get; init; }

    public bool IsHeld { get; init; }

    public string? Quarantine { get; init; }

    public static ControlEntry Of(QueueEntry entry) => new()
    {
        Id = entry.Envelope.Id.Value,
        Size = entry.ContentOctets,
        Arrival = entry.Envelope.ArrivalTime,
        Sender = entry.Envelope.ReversePath.Address,
        Recipients =
        [
            .. entry.Envelope.Recipients
                .Zip(entry.Recipients)
                .Where(static pair => !pair.Second.IsFinal)
                .Select(static pair => new ControlRecipient(pair.First.Address.Address, pair.Second.Message)),
        ],
        Attempts = entry.Attempts,
        Due = entry.Due,
        IsLeased = entry.IsLeased,
        IsHeld = entry.IsHeld,
        Quarantine = entry.Quarantine,
    };
}
