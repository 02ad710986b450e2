namespace Postrider.Queue.Journal;

/// <summary>Gets space back: dead segments at the old end are trimmed; when the journal is much larger than what lives in it, survivors of the oldest segment are copied forward,
/// a little with each batch.</summary>
/// <remarks>On the writer's thread only.</remarks>
internal sealed class JournalReclaim(JournalStorage storage, JournalIndex index, Action<JournalEntry, string> damaged)
{
    private const int CopyOctetsPerBatch = 1 << 20;

    private readonly Queue<(JournalEntry? Entry, JournalDraft? Draft, int Piece)> survivors = new();
    private Segment? emptying;
    private bool suspended;

    /// <summary>Something can be done now, without anybody asking for it.</summary>
    public bool HasWork
    {
        get
        {
            if (suspended) return false;
            lock (index.Gate) return DeadPrefix() > 0 || emptying is not null || IsTooLarge();
        }
    }

    /// <summary>The disk failed: nothing is tried until something else has succeeded.</summary>
    public void Suspend()
    {
        suspended = true;
        emptying = null;
        survivors.Clear();
    }

    public void Resume() => suspended = false;

    /// <summary>Adds what is to be done now, before everything else of the batch.</summary>
    public void AddTo(List<JournalOperation> batch)
    {
        if (suspended) return;
        ulong dead;
        CopyOperation? copy;
        lock (index.Gate)
        {
            dead = DeadPrefix();
            copy = CopySome();
        }

        if (copy is not null) batch.Insert(0, copy);
        if (dead > 0) batch.Insert(0, new TrimOperation(dead, storage.Mark, storage.Trimmed));
    }

    /// <returns>Number of the last of the oldest segments in which nothing lives; 0: there is none.</returns>
    private ulong DeadPrefix()
    {
        ulong dead = 0;
        foreach (Segment segment in storage.Segments)
        {
            if (segment.LiveRecords > 0 || storage.IsCurrent(segment)) break;
            dead = segment.Number;
        }

        return dead;
    }

    private bool IsTooLarge()
    {
        IReadOnlyList<Segment> segments = storage.Segments;
        if (segments.Count < 4 || storage.IsCurrent(segments[0])) return false;
        long total = 0;
        long live = 0;
        foreach (Segment segment in segments)
        {
            total += segment.Length;
            live += segment.LiveOctets;
        }

        return total > (live * storage.Settings.SpaceFactor) + (4L * storage.Settings.SegmentOctets);
    }

    private CopyOperation? CopySome()
    {
        if (emptying is null)
        {
            if (!IsTooLarge()) return null;
            emptying = storage.Segments[0];
            FindSurvivors(emptying);
        }

        CopyOperation copy = new(storage.Mark);
        while (copy.Octets < CopyOctetsPerBatch && survivors.TryDequeue(out (JournalEntry? Entry, JournalDraft? Draft, int Piece) item)) Add(copy, item);
        if (survivors.Count == 0) emptying = null;
        if (copy.Octets > 0) return copy;
        copy.Release();
        return null;
    }

    private void FindSurvivors(Segment segment)
    {
        survivors.Clear();
        foreach (JournalEntry entry in index.Entries)
        {
            if (!entry.IsCommitted) continue;
            for (int i = 0; i < entry.Chunks.Length; i++)
            {
                if (ReferenceEquals(entry.Chunks[i].Segment, segment)) survivors.Enqueue((entry, null, i));
            }

            if (ReferenceEquals(entry.EntryAt.Segment, segment) || ReferenceEquals(entry.StateAt.Segment, segment)) survivors.Enqueue((entry, null, -1));
        }

        foreach (JournalDraft draft in index.Drafts)
        {
            for (int i = 0; i < draft.Places.Count; i++)
            {
                if (ReferenceEquals(draft.Places[i].Segment, segment)) survivors.Enqueue((null, draft, i));
            }
        }
    }

    private void Add(CopyOperation copy, (JournalEntry? Entry, JournalDraft? Draft, int Piece) item)
    {
        if (item.Entry is { } entry)
        {
            if (!entry.IsCommitted) return;
            if (item.Piece < 0)
            {
                copy.AddEntry(entry);
                return;
            }

            ChunkPlace place = entry.Chunks[item.Piece];
            if (!ReferenceEquals(place.Segment, emptying) || copy.TryAddChunk(entry, null, item.Piece, place)) return;
            Lost(entry, item.Piece, place);
        }
        else if (item.Draft is { } draft && item.Piece < draft.Places.Count && ReferenceEquals(draft.Places[item.Piece].Segment, emptying))
        {
            if (copy.TryAddChunk(null, draft, item.Piece, draft.Places[item.Piece])) return;
            draft.Places[item.Piece].Segment!.Dead(draft.Places[item.Piece].RecordOctets);
            draft.Places[item.Piece] = default;
            draft.PieceLost();
        }
    }

    private void Lost(JournalEntry entry, int piece, ChunkPlace place)
    {
        ChunkPlace[] rest = [.. entry.Chunks];
        rest[piece] = default;
        entry.Chunks = rest;
        place.Segment!.Dead(place.RecordOctets);
        place.Segment.IsDamaged = true;
        damaged(entry, $"piece {piece} of the content cannot be read from {place.Segment.Name} at {place.Offset}");
    }
}
