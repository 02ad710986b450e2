namespace Postrider.Mta.Aliasing;

/// <summary>What expansion needs to know of the site.</summary>
public sealed record ExpansionSettings
{
    /// <summary><c>$j</c>: the domain of owners and of what VRFY and EXPN show.</summary>
    public required string HostName { get; init; }

    /// <summary>MaxAliasRecursion: how many aliases may lead to one another. Default 10 as in sendmail.</summary>
    public int MaxDepth { get; init; } = 10;

    /// <summary>MeToo: the sender of a message gets it too when a list names him. Default true as in sendmail.</summary>
    public bool MeToo { get; init; } = true;

    /// <summary>Recipients that one message may come to; more are refused. Ours; sendmail has no limit but memory.</summary>
    public int MaxRecipients { get; init; } = 500_000;
}
