namespace Postrider.Queue.Journal;

/// <summary>Reads a journal's directory: the checkpoint, then what came after it. Changes nothing on the disk.</summary>
internal sealed partial class JournalLoader(IJournalDisk disk, bool writable)
{
    private readonly SortedDictionary<ulong, Segment> segments = [];
    private readonly Dictionary<ulong, LoadedContent> contents = [];
    private readonly Dictionary<ulong, LoadedEntry> entries = [];
    private readonly Dictionary<ulong, ulong> abandoned = [];
    private readonly List<JournalDamage> damage = [];
    private readonly List<QueueId> unfinished = [];
    private (ulong Segment, long Offset) from;
    private long replayed;
    private long torn;

    public ulong? Mark { get; private set; }

    public ulong Epoch { get; private set; }

    public ulong TrimmedUpTo { get; private set; }

    /// <summary>Highest number seen.</summary>
    public ulong LastNumber { get; private set; }

    /// <summary>Oldest first.</summary>
    public IEnumerable<Segment> Segments => segments.Values;

    public List<JournalEntry> Entries { get; } = [];

    /// <summary>Files to delete, or to keep aside when damaged.</summary>
    public List<string> Dead { get; } = [];

    public List<string> Unreadable { get; } = [];

    public IEnumerable<(ulong Number, ulong Good)> Abandoned => abandoned.Select(a => (a.Key, a.Value));

    /// <summary>The segment that a crash left, with how much of it is sound; null: none, or it ends as it should.</summary>
    public Segment? TornSegment { get; private set; }

    public JournalRecovery Recovery => new()
    {
        Entries = Entries.Count,
        ReplayedOctets = replayed,
        TornOctets = torn,
        Unfinished = [.. unfinished],
        Damage = [.. damage],
    };

    /// <exception cref="IOException">The directory cannot be read.</exception>
    public void Load()
    {
        IReadOnlyList<string> names = disk.List();
        OpenSegments(names);
        if (names.Contains(Checkpoint.Name, StringComparer.Ordinal)) LoadCheckpoint();
        DropTrimmed();
        ulong last = segments.Count == 0 ? 0 : segments.Keys.Last();
        foreach (Segment segment in segments.Values.ToArray())
        {
            if (segment.Number < from.Segment) continue;
            Replay(segment, segment.Number == from.Segment ? from.Offset : Segment.HeadOctets, isLast: segment.Number == last);
        }

        DropTrimmed();
        ReportMissing();
        Settle();
    }

    private void OpenSegments(IReadOnlyList<string> names)
    {
        List<(ulong Number, IJournalFile File)> headless = [];
        foreach (string name in names)
        {
            if (!Segment.TryParseName(name, out ulong number)) continue;
            LastNumber = Math.Max(LastNumber, number);
            IJournalFile file = disk.Open(name, writable);
            SegmentHead? head = SegmentHead.Read(file);
            if (head is null || head.Number != number)
            {
                headless.Add((number, file));
                continue;
            }

            Mark ??= head.Mark;
            Epoch = Math.Max(Epoch, head.Epoch);
            TrimmedUpTo = Math.Max(TrimmedUpTo, head.TrimmedUpTo);
            foreach ((ulong other, ulong good) in head.Abandoned) abandoned[other] = good;
            segments.Add(number, new Segment(number, file, file.Length));
        }

        foreach ((ulong number, IJournalFile file) in headless) TakeHeadless(number, file);
    }

    /// <summary>A segment whose making was interrupted has no head and holds nothing. One that holds records has lost its head: the journal's mark, known from elsewhere, finds them.</summary>
    private void TakeHeadless(ulong number, IJournalFile file)
    {
        if (Mark is { } mark)
        {
            using JournalScanner scanner = new(file, 0, file.Length, mark);
            if (scanner.MoveNext())
            {
                damage.Add(new JournalDamage(Segment.NameOf(number), 0, Segment.HeadOctets, "the head of the segment is damaged; its records were found all the same"));
                segments.Add(number, new Segment(number, file, file.Length) { IsDamaged = true });
                return;
            }
        }

        // Its number may not be missed later.
        abandoned[number] = 0;
        if (file.Length > Segment.HeadOctets)
        {
            damage.Add(new JournalDamage(Segment.NameOf(number), 0, file.Length, "nothing in this segment can be read; it is kept aside"));
            Unreadable.Add(Segment.NameOf(number));
        }
        else
        {
            Dead.Add(Segment.NameOf(number));
        }

        file.Dispose();
    }

    private void DropTrimmed()
    {
        foreach (Segment segment in segments.Values.Where(s => s.Number <= TrimmedUpTo).ToArray())
        {
            segments.Remove(segment.Number);
            Dead.Add(segment.Name);
            segment.Dispose();
        }
    }

    private void Replay(Segment segment, long start, bool isLast)
    {
        long end = segment.File.Length;
        if (abandoned.TryGetValue(segment.Number, out ulong good))
        {
            end = Math.Min(end, (long)good);
            segment.IsAbandoned = true;
            segment.Durable = end;
        }

        if (end <= start || Mark is not { } mark) return;
        using JournalScanner scanner = new(segment.File, start, end, mark);
        List<(long Offset, int Octets, byte[] Payload)> transactions = [];
        long proven = isLast ? start : end;
        while (scanner.MoveNext())
        {
            RecordHeader header = scanner.Header;
            switch (header.Type)
            {
                case RecordType.Chunk:
                    ContentOf(header.Serial).Put((int)header.Index, new ChunkPlace(segment, (uint)scanner.Offset, (int)header.Length));
                    break;
                case RecordType.Transaction:
                    transactions.Add((scanner.Offset, header.RecordOctets, scanner.Payload.ToArray()));
                    break;
                case RecordType.Batch:
                    proven = Math.Max(proven, (long)header.Serial);
                    break;
                case RecordType.Trim:
                    TrimmedUpTo = Math.Max(TrimmedUpTo, header.Serial);
                    break;
            }
        }

        replayed += end - start;
        foreach ((long holeFrom, long holeTo) in scanner.Holes) TakeHole(segment, holeFrom, holeTo, proven);
        if (isLast && scanner.SoundEnd < end)
        {
            TornSegment = segment;
            segment.Length = scanner.SoundEnd;
            segment.Durable = scanner.SoundEnd;
        }

        foreach ((long offset, int _, byte[] payload) in transactions) Apply(segment, offset, payload, offset >= proven);
    }

    /// <summary>A hole in what had been synced is damage; in what was on its way when the process ended, it is the ordinary torn end.</summary>
    private void TakeHole(Segment segment, long holeFrom, long holeTo, long proven)
    {
        if (holeFrom < proven)
        {
            segment.IsDamaged = true;
            damage.Add(new JournalDamage(segment.Name, holeFrom, holeTo - holeFrom, "records here are not what was written"));
        }
        else
        {
            torn += holeTo - holeFrom;
        }
    }

    private void ReportMissing()
    {
        if (segments.Count == 0) return;
        ulong previous = TrimmedUpTo;
        foreach (ulong number in segments.Keys)
        {
            for (ulong missing = previous + 1; missing < number; missing++)
            {
                // A segment that failed before anything in it was durable was deleted at once; one before the first trim was never needed.
                if (!abandoned.ContainsKey(missing)) damage.Add(new JournalDamage(Segment.NameOf(missing), 0, 0, "the segment is missing; entries that stood in it are lost"));
            }

            previous = number;
        }
    }

    private LoadedContent ContentOf(ulong serial)
    {
        if (!contents.TryGetValue(serial, out LoadedContent? content)) contents.Add(serial, content = new LoadedContent());
        return content;
    }
}
