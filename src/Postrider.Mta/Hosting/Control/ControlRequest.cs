namespace Postrider.Mta.Hosting.Control;

/// <summary>One line from the client. Substrings are compared ignoring case.</summary>
public sealed record ControlRequest
{
    /// <summary>Octets of a request line at most; a longer one ends the connection.</summary>
    public const int MaxOctets = 64 * 1024;

    public required ControlVerb Verb { get; init; }

    /// <summary>Exact queue ids, for hold, unhold and delete.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    public string? IdContains { get; init; }

    public string? SenderContains { get; init; }

    public string? RecipientContains { get; init; }
}
