namespace Postrider.Queue;

/// <param name="Due">First attempt not before this; null: at once.</param>
/// <param name="Quarantine">Reason; null: not quarantined.</param>
/// <param name="Held">Held from birth.</param>
public sealed record CommitOptions(DateTimeOffset? Due = null, string? Quarantine = null, bool Held = false);
