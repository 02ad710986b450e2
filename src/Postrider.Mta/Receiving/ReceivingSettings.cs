using System.Collections.Immutable;

namespace Postrider.Mta.Receiving;

/// <summary>What receiving needs to know of the site.</summary>
public sealed record ReceivingSettings
{
    /// <summary><c>$j</c>.</summary>
    public required string HostName { get; init; }

    /// <summary><c>$v</c>: version of the program.</summary>
    public required string Version { get; init; }

    /// <summary><c>$Z</c>: version of the configuration.</summary>
    public required string ConfigurationVersion { get; init; }

    /// <summary>MaxMessageSize in octets; 0: none.</summary>
    public long MaxMessageSize { get; init; }

    /// <summary>MaxHeadersLength in octets. Default 32768 as in sendmail.</summary>
    public int MaxHeaders { get; init; } = 32768;

    /// <summary>MaxHopCount. Default 25 as in sendmail.</summary>
    public int MaxHops { get; init; } = 25;

    /// <summary>MaxRecipientsPerMessage; 0: none.</summary>
    public int MaxRecipients { get; init; }

    /// <summary>Class t: local users who may name another sender without a warning.</summary>
    public ImmutableHashSet<string> TrustedUsers { get; init; } = ["root", "daemon"];

    /// <summary>True: also addresses of 127/8 other than 127.0.0.1 are looked up. For a site with name servers of its own, or on this host; other resolvers of <c>/etc/resolv.conf</c> cannot know them (RFC 6303 §4.2).</summary>
    public bool ResolvesLoopback { get; init; }

    /// <summary>How long the look-up of a client's name may hold up the greeting. Default 10 seconds, ours: RFC 5321 §4.5.3.2.1 gives us 5 minutes, but a person waits.</summary>
    public TimeSpan ClientNameTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
