using System.Collections.Frozen;
using System.Text;

namespace Postrider.Mta.Routing;

/// <summary>
/// A mailbox table as a text file: <c>key value</c> on a line, <c>#</c> comments. Read whole, and again when the file has changed, looked at no more than once a second.
/// </summary>
/// <remarks>
/// A file that became unreadable or wrong keeps the rows that were good, and says so through <see cref="Problem"/>: a typing error in the table must not make every
/// mailbox unknown. Thread-safe.
/// </remarks>
public sealed class MailboxTable : IVirtualMailboxes
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly string file;
    private readonly string baseDirectory;
    private readonly TimeProvider time;
    private readonly Lock reading = new();
    private volatile FrozenDictionary<string, VirtualMailbox> rows = FrozenDictionary<string, VirtualMailbox>.Empty;
    private (DateTime Modified, long Length) seen;
    private long lookedAt;

    private MailboxTable(string file, string baseDirectory, TimeProvider time)
    {
        this.file = file;
        this.baseDirectory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(baseDirectory));
        this.time = time;
    }

    /// <summary>Called with each problem of a reload: <c>file(line): message</c>.</summary>
    public Action<string>? Problem { get; set; }

    public IEnumerable<VirtualMailbox> Rows => rows.Values;

    /// <summary>Reads the table. Null, with every problem as <c>file(line): message</c>, when it cannot be used.</summary>
    /// <param name="file">Absolute.</param>
    /// <param name="baseDirectory">Every mailbox is below it.</param>
    public static MailboxTable? Open(string file, string baseDirectory, TimeProvider time, out IReadOnlyList<string> problems)
    {
        MailboxTable table = new(file, baseDirectory, time);
        problems = table.Read();
        table.lookedAt = time.GetTimestamp();
        return problems.Count == 0 ? table : null;
    }

    public ValueTask<VirtualMailbox?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Volatile.Read(ref lookedAt)) >= LookInterval) Look();
        return new ValueTask<VirtualMailbox?>(rows.GetValueOrDefault(key));
    }

    private void Look()
    {
        if (!reading.TryEnter()) return; // somebody is at it; the old rows serve
        try
        {
            if (Stamp() != seen)
            {
                foreach (string problem in Read()) Problem?.Invoke(problem);
            }

            Volatile.Write(ref lookedAt, time.GetTimestamp());
        }
        finally
        {
            reading.Exit();
        }
    }

    private (DateTime Modified, long Length) Stamp()
    {
        FileInfo facts = new(file);
        return facts.Exists ? (facts.LastWriteTimeUtc, facts.Length) : default;
    }

    private List<string> Read()
    {
        List<string> problems = [];
        Dictionary<string, VirtualMailbox> found = new(StringComparer.OrdinalIgnoreCase);
        try
        {
            // Stamp first: a change during the reading is then seen at the next look.
            seen = Stamp();
            string[] lines = File.ReadAllLines(file, Encoding.UTF8);
            for (int i = 0; i < lines.Length; i++)
            {
                if (Row(lines[i], i + 1, problems) is { } row && !found.TryAdd(row.Key, row)) problems.Add($"{file}({i + 1}): {row.Key} is there already");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(e is FileNotFoundException or DirectoryNotFoundException ? $"{file}: No such file or directory" : $"{file}: {e.Message}");
        }

        if (problems.Count == 0) rows = found.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        return problems;
    }

    private VirtualMailbox? Row(string line, int number, List<string> problems)
    {
        ReadOnlySpan<char> rest = line.AsSpan().Trim();
        if (rest.IsEmpty || rest[0] == '#') return null;
        int blank = rest.IndexOfAny(' ', '\t');
        if (blank < 0)
        {
            problems.Add($"{file}({number}): {rest} has no mailbox behind it");
            return null;
        }

        string key = rest[..blank].ToString().ToLowerInvariant();
        string value = rest[blank..].Trim().ToString();

        // Nothing from the table may lead out of the base directory: not an absolute path, not "..".
        string directory = Path.GetFullPath(value, baseDirectory);
        if (!directory.StartsWith(baseDirectory + "/", StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
        {
            problems.Add($"{file}({number}): {value} is not below {baseDirectory}");
            return null;
        }

        return new VirtualMailbox(key, Path.TrimEndingDirectorySeparator(directory));
    }
}
