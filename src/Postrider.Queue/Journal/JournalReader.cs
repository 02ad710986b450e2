namespace Postrider.Queue.Journal;

/// <summary>A look into a journal without taking it: <c>mailq</c> while the daemon is down. Changes nothing and takes no lock.</summary>
/// <remarks>Shows the journal as it was when it was opened. Of a journal that somebody writes at the same time it may miss what is on its way; ask the daemon then.
/// Not thread-safe.</remarks>
public sealed class JournalReader : IDisposable
{
    private const int Attempts = 3;

    private readonly IJournalDisk disk;
    private readonly JournalLoader loader;

    private JournalReader(IJournalDisk disk, JournalLoader loader) => (this.disk, this.loader) = (disk, loader);

    /// <summary>As opening for work would find it.</summary>
    public JournalRecovery Recovery => loader.Recovery;

    /// <exception cref="QueueStoreUnavailableException">The directory is not there or cannot be read.</exception>
    public static JournalReader Open(string directory)
    {
        if (!Directory.Exists(directory)) throw new QueueStoreUnavailableException($"{directory}: there is no such queue directory", isDiskFull: false);
        try
        {
            return Open(new DirectoryJournalDisk(directory));
        }
        catch (IOException e)
        {
            throw JournalStorage.Unavailable(e);
        }
    }

    /// <inheritdoc cref="Open(string)"/>
    /// <param name="disk">Belongs to the reader from now on.</param>
    public static JournalReader Open(IJournalDisk disk)
    {
        for (int attempt = 1; ; attempt++)
        {
            JournalLoader found = new(disk, writable: false);
            try
            {
                found.Load();
                return new JournalReader(disk, found);
            }
            catch (IOException) when (attempt < Attempts)
            {
                // A daemon that runs after all deletes a segment between our listing and our opening it.
                foreach (Segment segment in found.Segments) segment.Dispose();
            }
            catch
            {
                foreach (Segment segment in found.Segments) segment.Dispose();
                disk.Dispose();
                throw;
            }
        }
    }

    /// <summary>Ordered by arrival. Leases are a running daemon's matter: none is shown.</summary>
    public IReadOnlyList<QueueEntry> List(QueueFilter filter) =>
        [.. loader.Entries.Select(e => e.Snapshot).Where(filter.Matches).OrderBy(e => e.Envelope.ArrivalTime)];

    /// <summary>As <see cref="IQueueStore.OpenContentAsync"/>.</summary>
    public Stream? OpenContent(QueueId id) =>
        loader.Entries.Find(e => e.Snapshot.Envelope.Id == id) is { } entry ? new JournalContentStream(entry, loader.Mark ?? 0, static (_, _) => { }) : null;

    public void Dispose()
    {
        foreach (Segment segment in loader.Segments) segment.Dispose();
        disk.Dispose();
    }
}
