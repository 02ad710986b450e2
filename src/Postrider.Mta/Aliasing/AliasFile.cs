using System.Collections.Frozen;
using System.Text;
using Postrider.Sendmail.Maps;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Aliasing;

/// <summary>An alias file read as text, without a database: whole, and again when it has changed, looked at no more than once a second.</summary>
/// <remarks>
/// sendmail reads the text too when there is no database beside it. A file that becomes unreadable keeps the aliases that were good and says so through
/// <see cref="Problem"/>; one that could never be read answers with a temporary failure. Thread-safe.
/// </remarks>
public sealed class AliasFile : IMap
{
    private const int MaxOctets = 64 << 20;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly string path;
    private readonly bool isOptional;
    private readonly TimeProvider time;
    private readonly Lock reading = new();
    private volatile FrozenDictionary<string, string>? entries;
    private volatile string reason = "not read yet";
    private FileStatus? seen;
    private long lookedAt;

    /// <param name="isOptional">A missing file has no aliases; otherwise it cannot be asked.</param>
    public AliasFile(string path, bool isOptional, TimeProvider time, Action<string>? problem = null)
    {
        this.path = path;
        this.isOptional = isOptional;
        this.time = time;
        Problem = problem;
        Read();
        lookedAt = time.GetTimestamp();
    }

    /// <summary>Told each thing that is wrong with the file: <c>/etc/mail/aliases: line 3: missing colon</c>. Must not block.</summary>
    public Action<string>? Problem { get; }

    /// <summary>How many names there are.</summary>
    public int Count => entries?.Count ?? 0;

    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Volatile.Read(ref lookedAt)) >= LookInterval) Look();
        if (entries is not { } table) return new ValueTask<MapResult>(MapResult.TempFail($"{path}: {reason}"));
        return new ValueTask<MapResult>(table.TryGetValue(key, out string? value) ? MapResult.Found(value) : MapResult.NotFound);
    }

    private void Look()
    {
        if (!reading.TryEnter()) return; // somebody is at it; the old aliases serve
        try
        {
            if (FileStatus.Of(path) != seen || entries is null) Read();
            Volatile.Write(ref lookedAt, time.GetTimestamp());
        }
        finally
        {
            reading.Exit();
        }
    }

    private void Read()
    {
        try
        {
            // Looked at first: a change while it is read is then seen at the next look.
            seen = FileStatus.Of(path);
            if (seen is null && isOptional && FileStatus.IsMissing(path))
            {
                entries = FrozenDictionary<string, string>.Empty;
                return;
            }

            if (seen is { IsRegular: false }) throw new IOException("not a regular file");
            if (seen is { Size: > MaxOctets }) throw new IOException($"larger than {MaxOctets} octets");
            Dictionary<string, string> found = new(StringComparer.OrdinalIgnoreCase);

            // sendmail 8.17, oracle 85: a name that comes twice has what stands last.
            foreach (AliasEntry entry in AliasText.Parse(File.ReadAllText(path, Encoding.UTF8), (line, text) => Problem?.Invoke($"{path}: line {line}: {text}")))
                found[ControlledAddress.Bare(entry.Name)] = entry.Value;
            entries = found.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = e is FileNotFoundException or DirectoryNotFoundException ? "No such file or directory" : e.Message;
            Problem?.Invoke($"{path}: {reason}");
        }
    }
}
