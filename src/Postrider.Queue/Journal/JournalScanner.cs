using System.Buffers;
using System.Buffers.Binary;

namespace Postrider.Queue.Journal;

/// <summary>Reads a file record by record. Where a record is broken it looks for the next sound one, and remembers the hole between.</summary>
internal sealed class JournalScanner(IJournalFile file, long start, long end, ulong mark) : IDisposable
{
    private const int Window = 1 << 20;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Window);
    private long bufferAt = start;
    private int buffered;
    private long next = start;

    /// <summary>From and to, in order. Its last member may reach the end of the file: the torn tail, or what was never written.</summary>
    public List<(long From, long To)> Holes { get; } = [];

    public RecordHeader Header { get; private set; }

    /// <summary>Where the current record begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Behind the last sound record.</summary>
    public long SoundEnd { get; private set; } = start;

    /// <summary>Of the current record; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <exception cref="QueueStoreUnavailableException">A newer Postrider wrote this.</exception>
    public bool MoveNext()
    {
        long holeFrom = -1;
        for (; end - next >= RecordHeader.Octets; next += 8)
        {
            if (!Fill(RecordHeader.Octets)) break;
            ReadOnlySpan<byte> here = buffer.AsSpan((int)(next - bufferAt), RecordHeader.Octets);
            if (BinaryPrimitives.ReadUInt64LittleEndian(here[8..]) == mark
                && RecordHeader.TryRead(here, mark, out RecordHeader header)
                && header.RecordOctets <= end - next
                && Fill(header.RecordOctets)
                && header.CrcHolds(buffer.AsSpan((int)(next - bufferAt), header.RecordOctets)))
            {
                RefuseNewer(header);
                if (holeFrom >= 0) Holes.Add((holeFrom, next));
                Header = header;
                Offset = next;
                Payload = buffer.AsMemory((int)(next - bufferAt) + RecordHeader.Octets, (int)header.Length);
                next += header.RecordOctets;
                SoundEnd = next;
                return true;
            }

            if (holeFrom < 0) holeFrom = next;
        }

        if (SoundEnd < end) Holes.Add((SoundEnd, end));
        next = end;
        return false;
    }

    public static void RefuseNewer(RecordHeader header)
    {
        if (header.Version > RecordHeader.CurrentVersion)
        {
            throw new QueueStoreUnavailableException(
                $"the queue was written by a newer Postrider (record version {header.Version}, known is {RecordHeader.CurrentVersion})", isDiskFull: false);
        }
    }

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    /// <summary>Makes the octets from <see cref="next"/> on available in the buffer. False when the file ends before.</summary>
    private bool Fill(int octets)
    {
        int at = (int)(next - bufferAt);
        if (at >= 0 && at + octets <= buffered) return true;
        int keep = Math.Max(0, buffered - at);
        if (octets > buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(octets);
            if (keep > 0) buffer.AsSpan(at, keep).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        else if (keep > 0)
        {
            buffer.AsSpan(at, keep).CopyTo(buffer);
        }

        bufferAt = next;
        buffered = keep;
        while (buffered < octets)
        {
            int want = (int)Math.Min(buffer.Length - buffered, end - bufferAt - buffered);
            int count = want <= 0 ? 0 : file.Read(buffer.AsSpan(buffered, want), bufferAt + buffered);
            if (count == 0) return false;
            buffered += count;
        }

        return true;
    }
}
