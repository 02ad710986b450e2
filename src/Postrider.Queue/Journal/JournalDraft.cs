using System.Buffers;

namespace Postrider.Queue.Journal;

/// <summary>Content on its way into the journal: kept in one buffer while it is small, written piece by piece once it is not.</summary>
internal sealed class JournalDraft(JournalQueueStore store, ulong serial) : IQueueDraft
{
    /// <summary>A piece with its head fills a 64 KiB buffer exactly.</summary>
    public const int MaxPiece = (64 << 10) - RecordHeader.Octets;

    private const int FirstBuffer = 8 << 10;

    private readonly List<ChunkPlace> places = [];
    private byte[]? buffer;
    private int filled;
    private uint pieces;
    private ChunkOperation? writing;
    private ChunkOperation? spare;
    private DraftStage stage;
    private bool lost;
    private bool registered;

    public long ContentOctets { get; private set; }

    public ulong Serial { get; } = serial;

    public JournalQueueStore Store { get; } = store;

    /// <summary>Pieces on disk, in order; those that are not there yet are in <see cref="TakeLastPiece"/>. Under the gate.</summary>
    public List<ChunkPlace> Places => places;

    /// <summary>A piece stands in a segment that was abandoned before it was synced. Under the gate, or on the writer.</summary>
    public bool HasLostPieces
    {
        get
        {
            if (lost) return true;
            foreach (ChunkPlace place in places)
            {
                if (place.Segment is { IsAbandoned: true } segment && place.Offset >= segment.Durable) return true;
            }

            return false;
        }
    }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (stage != DraftStage.Open) throw new InvalidOperationException("the draft is committed, failed or disposed");
        while (!content.IsEmpty)
        {
            if (filled == MaxPiece) await FlushAsync(cancellationToken);
            int count = Math.Min(content.Length, MaxPiece - filled);
            content.Span[..count].CopyTo(Room(count));
            filled += count;
            ContentOctets += count;
            content = content[count..];
        }
    }

    public async ValueTask CommitAsync(QueueEnvelope envelope, CommitOptions? options, CancellationToken cancellationToken)
    {
        if (stage != DraftStage.Open) throw new InvalidOperationException("the draft is committed, failed or disposed");
        cancellationToken.ThrowIfCancellationRequested();
        await WaitForPieceAsync();
        await Store.CommitAsync(this, envelope, options);
    }

    public async ValueTask DisposeAsync()
    {
        if (stage is DraftStage.Disposed) return;
        if (writing is not null)
        {
            try
            {
                await WaitForPieceAsync();
            }
            catch (QueueStoreUnavailableException)
            {
                // It is being thrown away; that it could not be written does not matter.
            }
        }

        if (stage != DraftStage.Committed)
        {
            lock (Store.Index.Gate)
            {
                foreach (ChunkPlace place in places) place.Segment?.Dead(place.RecordOctets);
                places.Clear();
                if (registered) Store.Index.RemoveDraft(this);
            }
        }

        stage = DraftStage.Disposed;
        ReturnBuffer();
    }

    /// <summary>Ready to be committed: no piece under way any more.</summary>
    /// <exception cref="QueueStoreUnavailableException">A piece could not be written.</exception>
    public async ValueTask WaitForPieceAsync()
    {
        if (writing is not { } piece) return;
        writing = null;
        try
        {
            await piece.Completion;
        }
        catch
        {
            stage = DraftStage.Failed;
            throw;
        }
        finally
        {
            spare = piece;
        }
    }

    public void Use(DraftStage now)
    {
        if (stage != DraftStage.Open) throw new InvalidOperationException("the draft is committed, failed or disposed");
        stage = now;
    }

    public void Settle(DraftStage now) => stage = now;

    /// <summary>What is not on disk yet as a record; empty when there is nothing.</summary>
    public ReadOnlyMemory<byte> TakeLastPiece(out int content, out uint count)
    {
        content = filled;
        count = pieces + (filled > 0 ? 1u : 0u);
        return filled == 0 ? default : RecordHeader.Seal(buffer!, 0, filled, Store.Mark, RecordType.Chunk, Serial, pieces);
    }

    /// <summary>Under the gate.</summary>
    public void PieceWritten(JournalIndex index, ChunkPlace place)
    {
        place.Segment!.Live(place.RecordOctets);
        places.Add(place);
        if (registered) return;
        registered = true;
        index.AddDraft(this);
    }

    public void PieceLost() => lost = true;

    /// <summary>The pieces now belong to an entry. Under the gate.</summary>
    public ChunkPlace[] HandOver(JournalIndex index, ChunkPlace last)
    {
        ChunkPlace[] all = new ChunkPlace[places.Count + (last.Segment is null ? 0 : 1)];
        places.CopyTo(all);
        if (last.Segment is { } segment)
        {
            all[^1] = last;
            segment.Live(last.RecordOctets);
        }

        places.Clear();
        if (registered) index.RemoveDraft(this);
        registered = false;
        return all;
    }

    public void ReturnBuffer()
    {
        if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
        filled = 0;
    }

    private Span<byte> Room(int count)
    {
        int needed = RecordHeader.OnDisk(filled + count);
        if (buffer is null)
        {
            buffer = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, needed));
        }
        else if (needed > buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(buffer.Length * 4, RecordHeader.Octets + MaxPiece)));
            buffer.AsSpan(0, RecordHeader.Octets + filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        return buffer.AsSpan(RecordHeader.Octets + filled, count);
    }

    /// <summary>Hands the full buffer to the writer. Waits for the piece before it: this is the backpressure, and bounds a draft's memory to two pieces.</summary>
    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await WaitForPieceAsync();
        if (stage == DraftStage.Failed) throw new InvalidOperationException("the draft has failed");
        ChunkOperation piece = spare ?? new ChunkOperation(this);
        spare = null;
        ReadOnlyMemory<byte> record = RecordHeader.Seal(buffer!, 0, filled, Store.Mark, RecordType.Chunk, Serial, pieces++);
        piece.With(buffer!, record, filled);
        buffer = null;
        filled = 0;
        Store.Submit(piece);
        writing = piece;
    }
}
