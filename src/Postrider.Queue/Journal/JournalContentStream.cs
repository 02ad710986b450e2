using System.Buffers;

namespace Postrider.Queue.Journal;

/// <summary>Content piece by piece, each checked against its CRC before any octet of it is given out: damaged content is never delivered.</summary>
/// <remarks>Reads come from the page cache for what was just written; a cold one blocks the caller for one disk read, as RandomAccess.ReadAsync would a pool thread.</remarks>
internal sealed class JournalContentStream : Stream
{
    private readonly QueueId id;
    private readonly ChunkPlace[] chunks;
    private readonly Segment[] segments;
    private readonly ulong mark;
    private readonly Action<QueueId, ChunkPlace> damaged;
    private byte[] buffer = [];
    private int next;
    private int at;
    private int available;
    private bool disposed;

    /// <summary>Under the index's gate: the segments must not go before they are held.</summary>
    public JournalContentStream(JournalEntry entry, ulong mark, Action<QueueId, ChunkPlace> damaged)
    {
        id = entry.Snapshot.Envelope.Id;
        chunks = entry.Chunks;
        this.mark = mark;
        this.damaged = damaged;
        HashSet<Segment> held = [];
        foreach (ChunkPlace chunk in chunks)
        {
            if (chunk.Segment is not null && held.Add(chunk.Segment)) chunk.Segment.AddReader();
        }

        segments = [.. held];
    }

    public override bool CanRead => !disposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (destination.IsEmpty || (available == 0 && !NextPiece())) return 0;
        int count = Math.Min(destination.Length, available);
        buffer.AsSpan(at, count).CopyTo(destination);
        at += count;
        available -= count;
        return count;
    }

    public override int Read(byte[] destination, int offset, int count) => Read(destination.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        try
        {
            return new ValueTask<int>(Read(destination.Span));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    public override Task<int> ReadAsync(byte[] destination, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(destination.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Gives the pieces themselves to the destination: no copy in between.</summary>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        while (available > 0 || NextPiece())
        {
            int from = at;
            int count = available;
            available = 0;
            await destination.WriteAsync(buffer.AsMemory(from, count), cancellationToken);
        }
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            foreach (Segment segment in segments) segment.Dispose();
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }

        base.Dispose(disposing);
    }

    private bool NextPiece()
    {
        if (next == chunks.Length) return false;
        ChunkPlace chunk = chunks[next];
        if (chunk.Segment is null) throw new QueueContentDamagedException(id, $"piece {next} of the content was lost");
        if (buffer.Length < chunk.RecordOctets)
        {
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(chunk.RecordOctets);
        }

        if (!CopyOperation.TryRead(chunk, buffer.AsSpan(0, chunk.RecordOctets), mark))
        {
            damaged(id, chunk);
            throw new QueueContentDamagedException(id, $"piece {next} of the content cannot be read from {chunk.Segment.Name} at {chunk.Offset}");
        }

        next++;
        at = RecordHeader.Octets;
        available = chunk.ContentOctets;
        return true;
    }
}
