using System.Collections.Concurrent;
using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Routing;

namespace Postrider.Mta.Users;

/// <summary>The accounts of this machine as local mailboxes, asked of the system's name service on threads of its own: it may wait for a network.</summary>
/// <remarks>Thread-safe. An answer is good for five seconds, so that a burst of recipients asks once.</remarks>
public sealed class SystemUsers : ILocalUsers
{
    private const int MostKept = 10_000;
    private const long GoodForMilliseconds = 5000;

    private readonly ConcurrentDictionary<string, (bool Exists, long Until)> known = new(StringComparer.Ordinal);

    public async ValueTask<bool> ExistsAsync(string user, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(user, out (bool Exists, long Until) kept) && kept.Until > Environment.TickCount64) return kept.Exists;
        bool exists = await Task.Factory.StartNew(() => SystemUser.Find(user) is not null, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (known.Count >= MostKept) known.Clear();
        known[user] = (exists, Environment.TickCount64 + GoodForMilliseconds);
        return exists;
    }
}
