namespace Postrider.Mta.Delivery;

/// <param name="BaseDirectory">Absolute. Every mailbox is below it. It must exist: a missing base is a file system that is not mounted, and must not be made up.</param>
/// <param name="HostName">In file names, so that two hosts can share a Maildir.</param>
public sealed record MaildirSettings(string BaseDirectory, string HostName)
{
    /// <summary>Messages written at the same time. Default 8: enough for a disk's own queue to fill, few enough to leave it to those who are taking mail.</summary>
    public int Writers { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Writers), value, "at least 1"); } = 8;
}
