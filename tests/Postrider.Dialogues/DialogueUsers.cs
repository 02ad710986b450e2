using Postrider.Mta.Users;

namespace Postrider.Dialogues;

/// <summary>The accounts of the oracle's machine.</summary>
internal sealed class DialogueUsers : ILocalUserDirectory
{
    private static readonly LocalUser[] Known =
    [
        new("root", "root", 0, 0, "/root", "/bin/sh"),
        new("alice", "Alice Example", 2001, 2001, "/home/alice", "/bin/sh"),
        new("bob", "Bob Bob Co", 2002, 2002, "/home/bob", "/bin/sh"),
        new("carol", "Carol", 2003, 2003, "/home/carol", "/bin/sh"),
        new("dave", "Dave", 2004, 2004, "/home/dave", "/usr/sbin/nologin"),
        new("postmaster", "", 2005, 2005, "/", "/usr/sbin/nologin"),
    ];

    public ValueTask<LocalUser?> FindAsync(string name, CancellationToken cancellationToken) => new(Array.Find(Known, user => user.Name == name));

    public ValueTask<LocalUser?> FindAsync(uint uid, CancellationToken cancellationToken) => new(Array.Find(Known, user => user.Uid == uid));

    public ValueTask<bool> ExistsAsync(string user, CancellationToken cancellationToken) => new(Array.Exists(Known, one => one.Name == user));
}
