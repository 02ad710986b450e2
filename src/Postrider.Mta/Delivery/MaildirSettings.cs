namespace Postrider.Mta.Delivery;

/// <param name="BaseDirectory">Absolute. Every mailbox is below it. It must exist: a missing base is a file system that is not mounted, and must not be made up.</param>
/// <param name="HostName">In file names, so that two hosts can share a Maildir.</param>
public sealed record MaildirSettings(string BaseDirectory, string HostName)
{
    /// <summary>Threads that write. Default 1: what waits meanwhile shares the next syncs, and the disk is left to those who are taking mail.</summary>
    public int Writers { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Writers), value, "at least 1"); } = 1;

    /// <summary>Messages whose files are made stable together. Default 64.</summary>
    public int Batch { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Batch), value, "at least 1"); } = 64;

    /// <summary>While deliveries follow on each other closer than this, each batch waits this long for more. Default 20 ms: 50 syncs a second instead of one or two a message.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(20);
}
