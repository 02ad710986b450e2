namespace Postrider.Mta.Configuration;

/// <summary>A table of mailboxes instead of system users.</summary>
/// <param name="MapSpec">Map type and file: <c>text:/etc/mail/mailboxes</c>. Key: <c>user@domain</c>, <c>user</c> (any local domain), or <c>@domain</c> (everybody else there); value: Maildir directory.</param>
/// <param name="BaseDirectory">Relative values are below it, and no value may leave it.</param>
public sealed record VirtualMailboxConfiguration(string MapSpec, string BaseDirectory);
