namespace Postrider.Mta.Routing;

/// <summary>One row of the mailbox table.</summary>
/// <param name="Key">As it was found: <c>user@domain</c> or <c>user</c>, lower case.</param>
/// <param name="Directory">The Maildir, absolute, below the base directory.</param>
public sealed record VirtualMailbox(string Key, string Directory);
