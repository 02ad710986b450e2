using Postrider.Mta.Routing;
using Postrider.Mta.Users;

namespace Postrider.Tests.Mta.Aliasing;

/// <summary>The oracle's users.</summary>
internal sealed class FakeUsers : ILocalUserDirectory
{
    private static readonly LocalUser[] Users =
    [
        new("alice", "Alice Example", 2001, 2001, "/home/alice", "/bin/sh"),
        new("bob", "Bob Bob Co", 2002, 2002, "/home/bob", "/bin/sh"),
        new("carol", "Carol", 2003, 2003, "/home/carol", "/bin/sh"),
        new("dave", "Dave", 2004, 2004, "/home/dave", "/usr/sbin/nologin"),
    ];

    public bool IsBroken { get; set; }

    public ValueTask<LocalUser?> FindAsync(string name, CancellationToken cancellationToken) =>
        IsBroken ? throw new MapUnavailableException("passwd", "gone") : new(Array.Find(Users, user => user.Name == name));

    public async ValueTask<bool> ExistsAsync(string user, CancellationToken cancellationToken) => await FindAsync(user, cancellationToken) is not null;

    public ValueTask<LocalUser?> FindAsync(uint uid, CancellationToken cancellationToken) =>
        IsBroken ? throw new MapUnavailableException("passwd", "gone") : new(Array.Find(Users, user => user.Uid == uid));
}
