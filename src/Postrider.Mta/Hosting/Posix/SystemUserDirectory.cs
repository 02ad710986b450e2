using System.Collections.Concurrent;
using System.Globalization;
using Postrider.Mta.Routing;
using Postrider.Mta.Users;

namespace Postrider.Mta.Hosting.Posix;

/// <summary>The accounts of this system by the C library's name service (<c>getpwnam_r</c>), which may ask a network: on threads of its own, answers kept a few seconds.</summary>
/// <remarks>Thread-safe. Bounded: <see cref="MaxKept"/> answers, <see cref="MaxWaiting"/> questions; beyond those a question is a temporary failure.</remarks>
public sealed class SystemUserDirectory(TimeProvider time) : ILocalUserDirectory
{
    private const int Threads = 4;
    private const int MaxKept = 4096;
    private const int MaxWaiting = 1024;
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    // One line of work for the process: the name service is one, however many sites ask it.
    private static readonly BlockingCollection<Action> Waiting = new(MaxWaiting);
    private static int started;

    private readonly ConcurrentDictionary<string, (LocalUser? User, long At)> kept = new(StringComparer.Ordinal);

    public ValueTask<LocalUser?> FindAsync(string name, CancellationToken cancellationToken)
    {
        // What cannot be a login name is not asked: the name service of a network need not see what strangers write.
        if (name.Length is 0 or > 256 || name.AsSpan().ContainsAny(":/\n\0") || !name.AsSpan().ContainsAnyExcept('.')) return new ValueTask<LocalUser?>((LocalUser?)null);
        return AskAsync(name, () => SystemUser.Ask(name), cancellationToken);
    }

    public ValueTask<LocalUser?> FindAsync(uint uid, CancellationToken cancellationToken) =>
        AskAsync(string.Create(CultureInfo.InvariantCulture, $"#{uid}"), () => SystemUser.Ask(uid), cancellationToken);

    public async ValueTask<bool> ExistsAsync(string user, CancellationToken cancellationToken) => await FindAsync(user, cancellationToken) is not null;

    private ValueTask<LocalUser?> AskAsync(string key, Func<(SystemUser? User, int Error)> ask, CancellationToken cancellationToken)
    {
        if (kept.TryGetValue(key, out (LocalUser? User, long At) known) && time.GetElapsedTime(known.At) < KeptFor) return new ValueTask<LocalUser?>(known.User);
        return new ValueTask<LocalUser?>(AskOutsideAsync(key, ask).WaitAsync(cancellationToken));
    }

    private Task<LocalUser?> AskOutsideAsync(string key, Func<(SystemUser? User, int Error)> ask)
    {
        TaskCompletionSource<LocalUser?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start();
        bool isTaken = Waiting.TryAdd(() =>
        {
            try
            {
                (SystemUser? user, int error) = ask();
                if (error != 0) throw new MapUnavailableException("passwd", string.Create(CultureInfo.InvariantCulture, $"the name service failed (error {error})"));
                LocalUser? found = user is null ? null : new LocalUser(user.Name, user.DisplayName, user.Uid, user.Gid, user.Home, user.Shell) { Password = user.Password };
                if (kept.Count >= MaxKept) kept.Clear();
                kept[key] = (found, time.GetTimestamp());
                answer.SetResult(found);
            }
            catch (Exception e)
            {
                answer.SetException(e); // whoever asked meets it; the thread lives on
            }
        });
        if (!isTaken) answer.SetException(new MapUnavailableException("passwd", "the name service does not keep up"));
        return answer.Task;
    }

    private static void Start()
    {
        if (Volatile.Read(ref started) != 0 || Interlocked.Exchange(ref started, 1) != 0) return;
        for (int i = 0; i < Threads; i++) new Thread(Work) { IsBackground = true, Name = "name service" }.Start();
    }

    private static void Work()
    {
        foreach (Action work in Waiting.GetConsumingEnumerable()) work();
    }
}
