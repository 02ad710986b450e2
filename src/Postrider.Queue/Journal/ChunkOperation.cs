using System.Buffers;

namespace Postrider.Queue.Journal;

/// <summary>A full piece of a large draft on its way to the disk. Each draft has two, used by turns: one is filled while the other is written.</summary>
internal sealed class ChunkOperation(JournalDraft draft) : JournalOperation
{
    private ReadOnlyMemory<byte> record;
    private byte[]? buffer;
    private int contentOctets;
    private ChunkPlace place;

    public override bool IsDurable => false;

    public override int Octets => record.Length;

    /// <summary>Takes the buffer over.</summary>
    public ChunkOperation With(byte[] filled, ReadOnlyMemory<byte> sealedRecord, int content)
    {
        Reset();
        (buffer, record, contentOctets) = (filled, sealedRecord, content);
        return this;
    }

    public override void Place(Segment segment, ref long offset, List<ReadOnlyMemory<byte>> pieces)
    {
        place = new ChunkPlace(segment, (uint)offset, contentOctets);
        pieces.Add(record);
        offset += record.Length;
    }

    public override void Apply(JournalIndex index) => draft.PieceWritten(index, place);

    public override void Undo(JournalIndex index) => draft.PieceLost();

    public override void Release()
    {
        if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
        record = default;
    }
}
