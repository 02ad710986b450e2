namespace Postrider.Queue.Journal;

/// <summary>One draft that becomes an entry within a transaction.</summary>
internal sealed class CommitPart(JournalDraft draft, JournalEntry entry)
{
    private ReadOnlyMemory<byte> lastPiece;
    private int lastContent;
    private ChunkPlace last;
    private int partOctets;

    public JournalDraft Draft { get; } = draft;

    public JournalEntry Entry { get; } = entry;

    public int PieceOctets => lastPiece.Length;

    public void Encode(RecordWriter writer)
    {
        lastPiece = Draft.TakeLastPiece(out lastContent, out uint count);
        partOctets = WriteEntry(writer, Entry, count);
    }

    /// <summary>An entry whole, as it stands in commits, in copies of survivors and in checkpoints.</summary>
    /// <returns>Octets of the part.</returns>
    public static int WriteEntry(RecordWriter writer, JournalEntry entry, uint chunks)
    {
        int part = writer.BeginPart(PartKind.Entry);
        writer.UInt64(entry.Serial);
        writer.UInt32(entry.Version);
        writer.UInt32(chunks);
        writer.Int64(entry.Snapshot.ContentOctets);
        EntryCodec.WriteEnvelope(writer, entry.Snapshot.Envelope);
        EntryCodec.WriteState(writer, entry.Snapshot);
        EntryCodec.WriteExpansion(writer, entry.Snapshot.Envelope);
        return writer.EndPart(part);
    }

    public void PlaceLastPiece(Segment segment, ref long offset, List<ReadOnlyMemory<byte>> pieces)
    {
        if (lastPiece.IsEmpty) return;
        last = new ChunkPlace(segment, (uint)offset, lastContent);
        pieces.Add(lastPiece);
        offset += lastPiece.Length;
    }

    public void Apply(JournalIndex index, Segment segment)
    {
        Entry.Chunks = Draft.HandOver(index, last);
        Entry.EntryAt = new PartPlace(segment, partOctets);
        Entry.EntryAt.Live();
        Entry.IsCommitted = true;
        Draft.Settle(DraftStage.Committed);
        index.Reconsider(Entry);
    }

    public void Undo(JournalIndex index)
    {
        index.Forget(Entry);
        Draft.Settle(DraftStage.Failed);
    }
}
