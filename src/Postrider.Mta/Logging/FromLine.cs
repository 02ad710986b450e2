namespace Postrider.Mta.Logging;

/// <summary>What the <c>from=</c> line says about a message that was taken over.</summary>
/// <param name="ReversePath">Without angle brackets; empty: <c>&lt;&gt;</c>.</param>
/// <param name="Octets">Content as received.</param>
/// <param name="Relay"><c>client.example.net [192.0.2.1]</c>, or <c>user@localhost</c>.</param>
public readonly record struct FromLine(string QueueId, string ReversePath, long Octets, int Recipients, string Relay)
{
    public string? MessageId { get; init; }

    /// <summary><c>8BITMIME</c> or <c>7BIT</c> when it was declared; null: not.</summary>
    public string? BodyType { get; init; }

    /// <summary><c>ESMTPSA</c>; null for a local submission.</summary>
    public string? Protocol { get; init; }

    /// <summary>Name of the listener; null for a local submission.</summary>
    public string? Daemon { get; init; }
}
