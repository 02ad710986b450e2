namespace Postrider.Sendmail.Maps;

/// <summary>What a map answered.</summary>
/// <param name="Status">Found, not found, or not to be known now.</param>
/// <param name="Value">The value, substitutions done; empty unless found.</param>
/// <param name="Reason">For the operator: why the answer is temporary; null otherwise.</param>
public readonly record struct MapResult(MapStatus Status, string Value, string? Reason)
{
    /// <summary>The exit status of the program that was asked, for the address test mode; 0 where there is none.</summary>
    public int ExitStatus { get; init; }

    /// <summary>The key is not in the map.</summary>
    public static MapResult NotFound { get; } = new(MapStatus.NotFound, "", null);

    /// <summary>The key has this value.</summary>
    public static MapResult Found(string value) => new(MapStatus.Found, value, null);

    /// <summary>The map cannot answer now. Never to be taken for "not found": that could open a relay or bounce good mail.</summary>
    public static MapResult TempFail(string reason) => new(MapStatus.TempFail, "", reason);
}
