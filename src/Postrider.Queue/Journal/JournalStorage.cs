namespace Postrider.Queue.Journal;

/// <summary>The segments, their beginning and end. Only the writer's thread changes anything here; the list is read under the index's gate.</summary>
internal sealed class JournalStorage : IDisposable
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    private readonly JournalIndex index;
    private readonly List<Segment> segments;
    private readonly Dictionary<ulong, ulong> gone = [];
    private readonly List<Segment> trimmed = [];
    private Segment? current;
    private ulong lastNumber;
    private long sinceCheckpoint;
    private long checkpointOctets;
    private Task? checkpointing;

    public JournalStorage(IJournalDisk disk, JournalSettings settings, JournalIndex index, JournalLoader loaded, ulong mark)
    {
        (Disk, Settings, this.index, Mark) = (disk, settings, index, mark);
        segments = [.. loaded.Segments];
        lastNumber = loaded.LastNumber;
        Epoch = loaded.Epoch + 1;
        TrimmedUpTo = loaded.TrimmedUpTo;
        sinceCheckpoint = loaded.Recovery.ReplayedOctets;
        foreach ((ulong number, ulong good) in loaded.Abandoned) gone[number] = good;
    }

    public IJournalDisk Disk { get; }

    public JournalSettings Settings { get; }

    public ulong Mark { get; }

    public ulong Epoch { get; }

    public ulong TrimmedUpTo { get; private set; }

    public Segment Current => current ?? throw new IOException("there is no segment to write to");

    /// <summary>Oldest first. On the writer, or under the gate.</summary>
    public IReadOnlyList<Segment> Segments => segments;

    public bool IsCurrent(Segment segment) => ReferenceEquals(segment, current);

    public static QueueStoreUnavailableException Unavailable(IOException e) =>
        e.HResult is NoSpace or QuotaExceeded
            ? new QueueStoreUnavailableException("the disk of the queue is full", isDiskFull: true, e)
            : new QueueStoreUnavailableException("the disk of the queue failed: " + e.Message, isDiskFull: false, e);

    /// <summary>A segment to write to, with room in it.</summary>
    /// <exception cref="IOException">There is none to be had.</exception>
    public void Prepare()
    {
        if (current is not null && current.Length < Settings.SegmentOctets) return;
        bool rolls = current is not null;
        if (rolls && current!.Durable < current.Length) Sync();
        BeginSegment();
        if (rolls) CheckpointIfWorthwhile();
    }

    public void Sync()
    {
        Current.File.Sync();
        sinceCheckpoint += Current.Length - Current.Durable;
        Current.Durable = Current.Length;
    }

    /// <summary>After a failed write or sync: the segment ends where it was last known good. The next one says so in its head, durably, before anybody is told of the failure,
    /// if the disk lets it.</summary>
    public void Abandon()
    {
        if (current is not { } failed) return;
        failed.IsAbandoned = true;
        current = null;
        gone[failed.Number] = (ulong)failed.Durable;
        Attempt(() => failed.File.Truncate(failed.Durable));
        if (failed.Durable <= Segment.HeadOctets)
        {
            gone[failed.Number] = 0;
            lock (index.Gate) segments.Remove(failed);
            Attempt(() => Disk.Delete(failed.Name));
            failed.Dispose();
        }

        Attempt(BeginSegment);
    }

    /// <summary>Under the gate: these are dead, durably said so.</summary>
    public void Trimmed(ulong upTo)
    {
        TrimmedUpTo = upTo;
        trimmed.AddRange(segments.Where(s => s.Number <= upTo));
        segments.RemoveAll(s => s.Number <= upTo);
        foreach (ulong number in gone.Keys.Where(n => n <= upTo).ToArray()) gone.Remove(number);
    }

    /// <summary>Deletes what was trimmed. A file that cannot be deleted now is deleted at the next opening.</summary>
    public void AfterBatch()
    {
        if (trimmed.Count == 0) return;
        foreach (Segment segment in trimmed)
        {
            Attempt(() => RemoveFile(Disk, segment.Name, segment.IsDamaged));
            segment.Dispose();
        }

        trimmed.Clear();
        Attempt(Disk.SyncDirectory);
    }

    public static void RemoveFile(IJournalDisk disk, string name, bool keepAside)
    {
        if (keepAside) disk.Rename(name, "damaged-" + name);
        else disk.Delete(name);
    }

    /// <summary>Everything is as on the disk; nothing is running: the writer has stopped, or not started.</summary>
    public void CheckpointNow(Segment at)
    {
        checkpointing?.Wait();
        Checkpoint checkpoint;
        lock (index.Gate) checkpoint = new Checkpoint(index, Mark, Epoch, TrimmedUpTo, at);
        checkpoint.Write(Disk);
    }

    /// <summary>A clean end: what is durable is said to be so, and the next opening has nothing to replay.</summary>
    public void Close()
    {
        checkpointing?.Wait();
        if (current is null) return;
        Attempt(() =>
        {
            if (current.Durable < current.Length) Sync();
            byte[] record = new byte[RecordHeader.Octets];
            current.File.Write([RecordHeader.Seal(record, 0, 0, Mark, RecordType.Batch, (ulong)current.Durable, 0)], current.Length);
            current.Length += record.Length;
            Sync();
            CheckpointNow(current);
        });
    }

    public void Dispose()
    {
        foreach (Segment segment in segments) segment.Dispose();
        Disk.Dispose();
    }

    /// <summary>A journal opens on a full disk too; the first commit tries again.</summary>
    public void TryBeginSegment() => Attempt(BeginSegment);

    private void BeginSegment()
    {
        ulong number = ++lastNumber;
        string name = Segment.NameOf(number);
        IJournalFile? file = null;
        try
        {
            file = Disk.Create(name);
            byte[] head = new SegmentHead(Mark, number, Epoch, TrimmedUpTo, [.. gone.Select(g => (g.Key, g.Value)).OrderBy(g => g.Key)]).Encode();
            file.Write([head], 0);
            file.Sync();
            Disk.SyncDirectory();
        }
        catch (IOException)
        {
            gone[number] = 0;
            file?.Dispose();
            if (file is not null) Attempt(() => Disk.Delete(name));
            throw;
        }

        current = new Segment(number, file, Segment.HeadOctets);
        lock (index.Gate) segments.Add(current);
    }

    private void CheckpointIfWorthwhile()
    {
        if (sinceCheckpoint < Math.Max(4L * Settings.SegmentOctets, 4 * checkpointOctets) || checkpointing is { IsCompleted: false }) return;
        Checkpoint checkpoint;
        lock (index.Gate) checkpoint = new Checkpoint(index, Mark, Epoch, TrimmedUpTo, Current);
        sinceCheckpoint = 0;
        checkpointing = Task.Run(() => Attempt(() => checkpointOctets = checkpoint.Write(Disk)));
    }

    /// <summary>For what makes things better but is not needed for anything to hold.</summary>
    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (IOException)
        {
            // Whoever needs the disk next meets the same failure, and says so.
        }
    }
}
