namespace Postrider.Mta.Configuration;

/// <summary>One DAEMON_OPTIONS line.</summary>
public sealed record ListenerConfiguration
{
    /// <summary>Name=; default <c>Daemon0</c> and so on, as sendmail numbers them.</summary>
    public required string Name { get; init; }

    /// <summary>Addr=; null: any address of the family.</summary>
    public string? Address { get; init; }

    /// <summary>Port=, number; names (smtp, smtps, submission) are resolved. Default 25. 0 lets the system choose (tests).</summary>
    public int Port { get; init; } = 25;

    /// <summary>Family=inet6.</summary>
    public bool IsIPv6 { get; init; }

    /// <summary>M= as written, for example <c>Ea</c>.</summary>
    public string Modifiers { get; init; } = "";

    /// <summary>Listen=, the backlog. sendmail's default is 10; ours 511, because refusing a connection the kernel could hold helps nobody.</summary>
    public int Backlog { get; init; } = 511;
}
