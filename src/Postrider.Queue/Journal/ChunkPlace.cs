namespace Postrider.Queue.Journal;

/// <summary>Where a piece of content stands: the record's start, and the octets of content in it. The segment is null when the piece was lost.</summary>
internal readonly record struct ChunkPlace(Segment? Segment, uint Offset, int ContentOctets)
{
    public int RecordOctets => RecordHeader.OnDisk(ContentOctets);
}
