using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Aliasing;

/// <summary>An alias file with or without a database beside it (<c>FILE.db</c>, made by newaliases): the database where there is one, the text otherwise. Thread-safe.</summary>
/// <param name="path">Of the text.</param>
/// <param name="text">The text as a map.</param>
/// <param name="open">Opens the database, once; null when its class is not served.</param>
public sealed class AliasDatabase(string path, IMap text, Func<IMap?> open, TimeProvider time) : IMap
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock opening = new();
    private readonly string database = path + ".db";
    private IMap? opened;
    private volatile bool isThere = File.Exists(path + ".db");
    private long lookedAt = time.GetTimestamp();

    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Volatile.Read(ref lookedAt)) >= LookInterval)
        {
            isThere = File.Exists(database);
            Volatile.Write(ref lookedAt, time.GetTimestamp());
        }

        // sendmail writes names in lower case, whatever case they have in the text.
        return isThere && Database() is { } map ? map.LookupAsync(key.ToLowerInvariant(), arguments, cancellationToken) : text.LookupAsync(key, arguments, cancellationToken);
    }

    private IMap? Database()
    {
        lock (opening) return opened ??= open();
    }
}
