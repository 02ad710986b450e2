namespace Postrider.Mta.Configuration;

/// <summary>Budgets. Zero means no limit where sendmail's option means it so.</summary>
public sealed record LimitConfiguration
{
    /// <summary>MaxMessageSize in octets; 0: none.</summary>
    public long MaxMessageSize { get; init; }

    /// <summary>MaxRecipientsPerMessage; 0: none.</summary>
    public int MaxRecipients { get; init; }

    /// <summary>MaxHopCount, 25.</summary>
    public int MaxHops { get; init; } = 25;

    /// <summary>MaxHeadersLength in octets, 32768.</summary>
    public int MaxHeaders { get; init; } = 32768;

    /// <summary>MaxDaemonChildren as concurrent sessions; 0: none.</summary>
    public int MaxSessions { get; init; }
}
