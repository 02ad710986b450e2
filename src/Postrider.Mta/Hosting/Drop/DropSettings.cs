namespace Postrider.Mta.Hosting.Drop;

/// <summary>Where dropped messages wait, and how much of them one user may leave there.</summary>
/// <param name="Directory">Mode 3733, owned by the daemon's user.</param>
public sealed record DropSettings(string Directory)
{
    /// <summary>Content in octets at most, as MaxMessageSize; 0: no limit of its own.</summary>
    public long MaxMessageSize { get; init; }

    /// <summary>Messages of one user in one pass at most; the excess is set aside. 10,000: a night of cron mail, not a flood.</summary>
    public int MaxMessagesPerUser { get; init; } = 10_000;

    /// <summary>Octets of one user in one pass at most; the excess is set aside. 1 GiB.</summary>
    public long MaxOctetsPerUser { get; init; } = 1L << 30;

    /// <summary>What never became whole is removed after this. 1 day.</summary>
    public TimeSpan UnfinishedAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Where what fails the checks goes, for the operator to look at.</summary>
    public string AsideDirectory => Directory.TrimEnd('/') + ".aside";
}
