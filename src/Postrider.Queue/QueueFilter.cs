using Postrider.Mail;

namespace Postrider.Queue;

/// <summary>Which entries: all given conditions must hold. Substrings of addresses are compared ignoring case, as <c>sendmail -qR</c> and
/// <c>-qS</c> do; ids differ by case alone, so <c>-qI</c> compares exactly.</summary>
public sealed record QueueFilter
{
    public static QueueFilter Everything { get; } = new();

    public string? IdContains { get; init; }

    public string? ReversePathContains { get; init; }

    /// <summary>A recipient that is not final yet contains this.</summary>
    public string? RecipientContains { get; init; }

    /// <summary>No attempt was made at or after this instant: what a queue run that began then has not met yet.</summary>
    public DateTimeOffset? NotTriedSince { get; init; }

    public bool Matches(QueueEntry entry) =>
        (IdContains is null || entry.Envelope.Id.Value.Contains(IdContains, StringComparison.Ordinal))
        && (ReversePathContains is null || entry.Envelope.ReversePath.Address.Contains(ReversePathContains, StringComparison.OrdinalIgnoreCase))
        && (NotTriedSince is null || entry.LastAttempt is null || entry.LastAttempt < NotTriedSince)
        && (RecipientContains is null || AnyOpenRecipientContains(entry, RecipientContains));

    private static bool AnyOpenRecipientContains(QueueEntry entry, string part)
    {
        for (int i = 0; i < entry.Recipients.Length; i++)
        {
            ForwardPath address = entry.Envelope.Recipients[i].Address;
            if (!entry.Recipients[i].IsFinal && address.Address.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
