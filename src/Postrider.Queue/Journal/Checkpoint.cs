namespace Postrider.Queue.Journal;

/// <summary>The index on disk, so that opening need only read what came after. An accelerator, never the truth: without it, or with an old one, everything is found in the segments.</summary>
internal sealed class Checkpoint
{
    public const string Name = "checkpoint";
    public const string NewName = "checkpoint.new";

    private const int Flush = 1 << 20;

    private readonly List<(JournalEntry Entry, QueueEntry Snapshot, uint Version, ChunkPlace[] Chunks, PartPlace EntryAt, PartPlace StateAt)> entries = [];
    private readonly List<(ulong Serial, ChunkPlace[] Chunks)> drafts = [];
    private readonly ulong mark;
    private readonly ulong epoch;
    private readonly ulong trimmedUpTo;
    private readonly Segment segment;
    private readonly long offset;

    /// <summary>Takes the state as it is: under the gate, on the writer, between batches, with everything before the position on stable storage.</summary>
    public Checkpoint(JournalIndex index, ulong mark, ulong epoch, ulong trimmedUpTo, Segment segment)
    {
        (this.mark, this.epoch, this.trimmedUpTo, this.segment, offset) = (mark, epoch, trimmedUpTo, segment, segment.Durable);
        entries.EnsureCapacity(index.Count);
        foreach (JournalEntry entry in index.Entries)
        {
            if (entry.IsCommitted) entries.Add((entry, entry.Snapshot, entry.Version, entry.Chunks, entry.EntryAt, entry.StateAt));
        }

        foreach (JournalDraft draft in index.Drafts)
        {
            if (!draft.HasLostPieces) drafts.Add((draft.Serial, [.. draft.Places]));
        }
    }

    /// <returns>Octets written.</returns>
    public long Write(IJournalDisk disk)
    {
        if (disk.List().Contains(NewName, StringComparer.Ordinal)) disk.Delete(NewName);
        RecordWriter writer = new(64 << 10);
        long at = 0;
        try
        {
            using (IJournalFile file = disk.Create(NewName))
            {
                int record = writer.BeginRecord();
                writer.UInt64(epoch);
                writer.UInt64(trimmedUpTo);
                writer.EndRecord(record, mark, RecordType.Checkpoint, segment.Number, (uint)offset);
                foreach ((JournalEntry entry, QueueEntry snapshot, uint version, ChunkPlace[] chunks, PartPlace entryAt, PartPlace stateAt) in entries)
                {
                    WriteEntry(writer, entry.Serial, snapshot, version, chunks, entryAt, stateAt);
                    if (writer.Length >= Flush) at = WriteOut(file, writer, at);
                }

                foreach ((ulong serial, ChunkPlace[] chunks) in drafts)
                {
                    record = writer.BeginRecord();
                    WritePlaces(writer, chunks);
                    writer.EndRecord(record, mark, RecordType.CheckpointDraft, serial, 0);
                }

                record = writer.BeginRecord();
                writer.EndRecord(record, mark, RecordType.CheckpointEnd, (ulong)(entries.Count + drafts.Count), 0);
                at = WriteOut(file, writer, at);
                file.Sync();
            }

            disk.Rename(NewName, Name);
            disk.SyncDirectory();
            return at;
        }
        finally
        {
            writer.Return();
        }
    }

    private void WriteEntry(RecordWriter writer, ulong serial, QueueEntry snapshot, uint version, ChunkPlace[] chunks, PartPlace entryAt, PartPlace stateAt)
    {
        int record = writer.BeginRecord();
        WritePlace(writer, entryAt);
        WritePlace(writer, stateAt);
        WritePlaces(writer, chunks);
        CommitPart.WriteEntry(writer, new JournalEntry(serial, snapshot) { Version = version }, (uint)chunks.Length);
        writer.EndRecord(record, mark, RecordType.CheckpointEntry, serial, 0);
    }

    private static long WriteOut(IJournalFile file, RecordWriter writer, long at)
    {
        file.Write([writer.Written], at);
        at += writer.Length;
        writer.Shrink(0);
        return at;
    }

    private static void WritePlace(RecordWriter writer, PartPlace place)
    {
        writer.UInt64(place.Segment?.Number ?? 0);
        writer.UInt32((uint)place.Octets);
    }

    private static void WritePlaces(RecordWriter writer, ChunkPlace[] chunks)
    {
        writer.UInt32((uint)chunks.Length);
        foreach (ChunkPlace chunk in chunks)
        {
            writer.UInt64(chunk.Segment?.Number ?? 0);
            writer.UInt32(chunk.Offset);
            writer.UInt32((uint)chunk.ContentOctets);
        }
    }
}
