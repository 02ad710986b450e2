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

    /// <summary>MaxNOOPCommands, 20.</summary>
    public int MaxNoopCommands { get; init; } = 20;

    /// <summary>BadRcptThrottle; 0: never.</summary>
    public int BadRcptThrottle { get; init; }

    /// <summary>BadRcptShutdown; 0: never.</summary>
    public int BadRcptShutdown { get; init; }

    /// <summary>ConnectionRateWindowSize: what <c>${client_rate}</c> looks back on. Default 60 seconds.</summary>
    public TimeSpan ConnectionRateWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>RejectNUL.</summary>
    public bool RejectNul { get; init; }

    /// <summary>AllowBogusHELO.</summary>
    public bool AllowBogusHelo { get; init; }

    /// <summary>DeliverByMin in seconds; negative: DELIVERBY is not offered.</summary>
    public int DeliverByMin { get; init; }
}
