namespace Postrider.Mta.Dns;

/// <summary>What a small system file says, read again when the file changes; looked at every five seconds at most. A file that cannot be read says nothing. Thread-safe.</summary>
internal sealed class WatchedFile<T>(string path, Func<string, T> parse, TimeProvider time)
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private long lookedAt;
    private (DateTime Written, long Length) stamp;
    private T? value;
    private bool isRead;

    public T Value
    {
        get
        {
            lock (gate)
            {
                if (isRead && time.GetElapsedTime(lookedAt) < interval) return value!;
                lookedAt = time.GetTimestamp();
                FileInfo file = new(path);
                (DateTime, long) now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
                if (isRead && now == stamp) return value!;
                value = parse(Read());
                stamp = now;
                isRead = true;
                return value;
            }
        }
    }

    private string Read()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
