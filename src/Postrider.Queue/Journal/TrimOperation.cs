namespace Postrider.Queue.Journal;

/// <summary>Says that nothing lives in the oldest segments. Only when this is on stable storage are their files deleted, so that a file that
/// comes back after a crash (its deletion was lost) is known to be dead.</summary>
internal sealed class TrimOperation(ulong upTo, ulong mark, Action<ulong> trimmed) : JournalOperation
{
    private readonly byte[] buffer = new byte[RecordHeader.Octets];

    public override bool IsDurable => true;

    public override int Octets => RecordHeader.Octets;

    public override void Place(Segment segment, ref long offset, List<ReadOnlyMemory<byte>> pieces)
    {
        pieces.Add(RecordHeader.Seal(buffer, 0, 0, mark, RecordType.Trim, upTo, 0));
        offset += RecordHeader.Octets;
    }

    public override void Apply(JournalIndex index) => trimmed(upTo);

    public override void Undo(JournalIndex index) { }
}
