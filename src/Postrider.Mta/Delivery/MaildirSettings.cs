namespace Postrider.Mta.Delivery;

/// <param name="BaseDirectory">Absolute. Every mailbox is below it. It must exist: a missing base is a file system that is not mounted, and must not be made up.</param>
/// <param name="HostName">In file names, so that two hosts can share a Maildir.</param>
public sealed record MaildirSettings(string BaseDirectory, string HostName);
