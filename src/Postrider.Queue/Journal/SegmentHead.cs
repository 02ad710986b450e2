namespace Postrider.Queue.Journal;

/// <summary>The head of a segment, written twice (at 0 and at half), so that one bad sector does not cost a segment.</summary>
/// <param name="Mark">The journal's.</param>
/// <param name="Epoch">Counts openings for writing; the upper part of serials and lease tokens.</param>
/// <param name="TrimmedUpTo">Segments up to this number were dead when this one began.</param>
/// <param name="Abandoned">Segments that ended in a failure, with how much of each is good. 0: the file is gone.</param>
internal sealed record SegmentHead(ulong Mark, ulong Number, ulong Epoch, ulong TrimmedUpTo, IReadOnlyList<(ulong Number, ulong Good)> Abandoned)
{
    private const int Copy = Segment.HeadOctets / 2;
    private const int MaxAbandoned = (Copy - RecordHeader.Octets - 20) / 16;

    public byte[] Encode()
    {
        RecordWriter writer = new(Copy);
        int record = writer.BeginRecord();
        int count = Math.Min(Abandoned.Count, MaxAbandoned);
        writer.UInt64(Epoch);
        writer.UInt64(TrimmedUpTo);
        writer.UInt32((uint)count);
        foreach ((ulong number, ulong good) in Abandoned.Skip(Abandoned.Count - count))
        {
            writer.UInt64(number);
            writer.UInt64(good);
        }

        writer.EndRecord(record, Mark, RecordType.Segment, Number, 0);
        byte[] head = new byte[Segment.HeadOctets];
        writer.Written.Span.CopyTo(head);
        writer.Written.Span.CopyTo(head.AsSpan(Copy));
        writer.Return();
        return head;
    }

    /// <returns>Null when neither copy can be read.</returns>
    public static SegmentHead? Read(IJournalFile file)
    {
        byte[] octets = new byte[Segment.HeadOctets];
        int read = 0;
        while (read < octets.Length)
        {
            int count = file.Read(octets.AsSpan(read), read);
            if (count == 0) break;
            read += count;
        }

        return Decode(octets.AsSpan(0, Copy)) ?? Decode(octets.AsSpan(Copy));
    }

    private static SegmentHead? Decode(ReadOnlySpan<byte> copy)
    {
        if (!RecordHeader.TryRead(copy, null, out RecordHeader header) || header.Type != RecordType.Segment) return null;
        if (header.RecordOctets > copy.Length || !header.CrcHolds(copy)) return null;
        JournalScanner.RefuseNewer(header);
        RecordReader reader = new(copy.Slice(RecordHeader.Octets, (int)header.Length));
        ulong epoch = reader.UInt64();
        ulong trimmed = reader.UInt64();
        (ulong, ulong)[] abandoned = new (ulong, ulong)[reader.UInt32()];
        for (int i = 0; i < abandoned.Length; i++) abandoned[i] = (reader.UInt64(), reader.UInt64());
        return new SegmentHead(header.Mark, header.Serial, epoch, trimmed, abandoned);
    }
}
