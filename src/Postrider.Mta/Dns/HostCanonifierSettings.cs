namespace Postrider.Mta.Dns;

/// <summary>How names are made canonical.</summary>
public sealed record HostCanonifierSettings
{
    /// <summary>The domain of <c>$m</c>, for names without one in the hosts file; empty: none.</summary>
    public string LocalDomain { get; init; } = "";

    /// <summary>Whether an alias becomes what it stands for; false with <c>DontExpandCnames</c>. Default true.</summary>
    public bool FollowAliases { get; init; } = true;
}
