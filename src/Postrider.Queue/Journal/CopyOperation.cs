namespace Postrider.Queue.Journal;

/// <summary>Survivors of an old segment, copied forward. Placed before everything else of its batch, so that a copy never comes after the end of what it copies.</summary>
internal sealed class CopyOperation(ulong mark) : JournalOperation
{
    private readonly RecordWriter writer = new(64 << 10);
    private readonly List<(JournalEntry? Entry, JournalDraft? Draft, int Piece, ChunkPlace Old, int At)> chunks = [];
    private readonly List<(JournalEntry Entry, int Octets)> parts = [];
    private Segment? placed;
    private long placedAt;

    public override bool IsDurable => true;

    public override int Octets => writer.Length;

    /// <returns>False when the record on disk is not what was written; nothing is copied then.</returns>
    public bool TryAddChunk(JournalEntry? entry, JournalDraft? draft, int piece, ChunkPlace old)
    {
        int at = writer.Length;
        if (!TryRead(old, writer.Take(old.RecordOctets), mark))
        {
            writer.Shrink(at);
            return false;
        }

        chunks.Add((entry, draft, piece, old, at));
        return true;
    }

    public void AddEntry(JournalEntry entry)
    {
        int record = writer.BeginRecord();
        int octets = CommitPart.WriteEntry(writer, entry, (uint)entry.Chunks.Length);
        writer.EndRecord(record, mark, RecordType.Transaction, 0, 1);
        parts.Add((entry, octets));
    }

    public override void Place(Segment segment, ref long offset, List<ReadOnlyMemory<byte>> pieces)
    {
        (placed, placedAt) = (segment, offset);
        pieces.Add(writer.Written);
        offset += writer.Length;
    }

    public override void Apply(JournalIndex index)
    {
        foreach ((JournalEntry? entry, JournalDraft? draft, int piece, ChunkPlace old, int at) in chunks)
        {
            ChunkPlace place = new(placed, (uint)(placedAt + at), old.ContentOctets);
            if (entry is { IsCommitted: true } && entry.Chunks[piece] == old)
            {
                ChunkPlace[] moved = [.. entry.Chunks];
                moved[piece] = place;
                entry.Chunks = moved;
            }
            else if (draft is not null && piece < draft.Places.Count && draft.Places[piece] == old) draft.Places[piece] = place;
            else continue;
            old.Segment!.Dead(old.RecordOctets);
            placed!.Live(old.RecordOctets);
        }

        foreach ((JournalEntry entry, int octets) in parts)
        {
            if (!entry.IsCommitted) continue;
            entry.EntryAt.Dead();
            entry.StateAt.Dead();
            entry.StateAt = default;
            entry.EntryAt = new PartPlace(placed, octets);
            entry.EntryAt.Live();
        }
    }

    public override void Undo(JournalIndex index) { }

    public override void Release() => writer.Return();

    /// <summary>Reads one chunk record whole and checks it.</summary>
    public static bool TryRead(ChunkPlace place, Span<byte> into, ulong mark)
    {
        int read = 0;
        try
        {
            while (read < into.Length)
            {
                int count = place.Segment!.File.Read(into[read..], place.Offset + read);
                if (count == 0) return false;
                read += count;
            }
        }
        catch (IOException)
        {
            return false;
        }

        return RecordHeader.TryRead(into, mark, out RecordHeader header)
            && header.Type == RecordType.Chunk && header.Length == place.ContentOctets && header.CrcHolds(into);
    }
}
