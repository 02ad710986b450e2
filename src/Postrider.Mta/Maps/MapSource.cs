using Postrider.Mta.Configuration;
using Postrider.Sendmail.Maps;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Maps;

/// <summary>
/// The file behind a map: opened ahead or when it is first asked, judged, and opened again when there is another file of its name or it was written in place. Thread-safe.
/// </summary>
/// <remarks>
/// Nobody gets an answer that was read while the file changed: whoever asks sees one file, the old one or the new one. Directories above it are judged when it is opened, and once a
/// second after that. What was open before is closed when nobody reads it any more (by its handle's finalizer: a count of readers would cost every look-up two interlocked operations).
/// </remarks>
/// <param name="file">Absolute, with its suffix.</param>
/// <param name="title">As it stands in messages: <c>hash map "access"</c>.</param>
/// <param name="open">Opens what is at the path; throws <see cref="MapFileException"/> when it cannot be used.</param>
/// <param name="problem">Told each thing that is wrong, once until it changes. Must not block.</param>
internal sealed class MapSource<T>(string file, string title, PathTrust trust, TimeProvider time, Func<string, T> open, Action<string> problem)
    where T : class
{
    private const int Attempts = 3;
    private const string Missing = "No such file or directory";
    private static readonly TimeSpan judgeInterval = TimeSpan.FromSeconds(1);

    private readonly Lock opening = new();
    private volatile Opened? current;
    private long judgedAt;
    private string? told;

    /// <summary>Asks the file as it is now.</summary>
    /// <param name="isMissing">True: there is no such file; the answer is the default.</param>
    /// <exception cref="MapFileException">It cannot be asked; the message is sendmail's.</exception>
    public TAnswer? Ask<TAnswer>(Func<T, TAnswer> question, out bool isMissing)
    {
        MapFileException? failure = null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Opened now = Fresh();
            isMissing = now.Content is null;
            try
            {
                if (now.Content is null) return default;
                TAnswer answer = question(now.Content);
                if (FileStatus.Of(file) == now.Status) return answer;
                failure = null;
            }
            catch (MapFileException e)
            {
                if (FileStatus.Of(file) == now.Status) throw Told(e.Message, e);
                failure = e;
            }
        }

        throw Told($"{title}: {file} is being written", failure);
    }

    /// <summary>
    /// Opens the file now, if it can be: while a site is bound the daemon is still root, and sendmail's own makemap leaves files that root alone may read (mode 640). What is open stays usable
    /// until the file is exchanged; the daemon's user must be able to read the new one. What is wrong is told when the map is asked.
    /// </summary>
    public void OpenAhead()
    {
        try
        {
            Fresh();
        }
        catch (MapFileException)
        {
            // Told already; whoever asks gets it again.
        }
    }

    /// <summary>What a missing file is called, to whoever cannot do without it.</summary>
    public MapFileException MissingFile() => Told($"{title}: missing map file {file}: {Missing}", null);

    private Opened Fresh()
    {
        if (current is { } known && known.Status == FileStatus.Of(file) && time.GetElapsedTime(Volatile.Read(ref judgedAt)) < judgeInterval) return known;
        lock (opening)
        {
            FileStatus? status = FileStatus.Of(file);
            string? refusal = trust.Refusal(file);
            if (refusal == Missing) return current = new Opened(null, null);
            if (refusal is not null)
            {
                current = null;
                throw Told($"{title}: unsafe map file {file}: {refusal}", null);
            }

            Volatile.Write(ref judgedAt, time.GetTimestamp());
            if (current is { Content: not null } kept && kept.Status == status) return kept;
            try
            {
                // The status is that of before: a change while it is opened is seen after the answer, and the answer thrown away.
                current = new Opened(open(file), status);
                told = null;
                return current;
            }
            catch (MapFileException e)
            {
                current = null;
                throw Told(e.Message, e);
            }
        }
    }

    private MapFileException Told(string message, Exception? inner)
    {
        if (Interlocked.Exchange(ref told, message) != message) problem(message);
        return inner is null ? new MapFileException(message) : new MapFileException(message, inner);
    }

    /// <param name="Content">Null: there is no file.</param>
    private sealed record Opened(T? Content, FileStatus? Status);
}
