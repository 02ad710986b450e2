using System.Buffers;
using Postrider.Mail.Dsn;
using Postrider.Mail.Headers;
using Postrider.Queue;

namespace Postrider.Mta.Notification;

/// <summary>What goes back of a message: looked through once for a boundary that does not occur in it, then streamed from the queue into the report.</summary>
/// <remarks>A header section is held in memory (it was bounded when it came in, and is bounded here again); a whole message never is.</remarks>
internal sealed class ReturnedContent
{
    private const int SliceOctets = 65536;
    private const int MaxTurns = 16;

    /// <summary>sendmail's MaxHeadersLength bounds what comes in; trace fields of ours and other stores' entries may be longer.</summary>
    private static readonly HeaderSectionLimits HeaderLimits = new(MaxOctets: 1 << 18, MaxLines: 10_000);

    private readonly IQueueStore store;
    private readonly QueueId id;
    private readonly ArrayBufferWriter<byte>? header;

    private ReturnedContent(IQueueStore store, QueueId id, ArrayBufferWriter<byte>? header)
    {
        this.store = store;
        this.id = id;
        this.header = header;
    }

    public bool IsWhole => header is null;

    public string Boundary { get; private set; } = "";

    public bool IsEightBit { get; private set; }

    private bool EndsInLine { get; set; } = true;

    public static async ValueTask<ReturnedContent> LookThroughAsync(IQueueStore store, QueueId id, bool whole, Func<int, string> boundary, CancellationToken cancellationToken)
    {
        ReturnedContent content = new(store, id, whole ? null : await ReadHeaderAsync(store, id, cancellationToken));
        for (int turn = 0; turn < MaxTurns; turn++)
        {
            content.Boundary = boundary(turn);
            if (await content.IsFreeOfBoundaryAsync(cancellationToken)) return content;
        }

        throw new InvalidOperationException($"{id}: every boundary occurs in the content");
    }

    public async ValueTask CopyToAsync(IQueueDraft draft, CancellationToken cancellationToken)
    {
        if (header is not null)
        {
            await draft.AppendAsync(header.WrittenMemory, cancellationToken);
            return;
        }

        await ForEachSliceAsync(slice => draft.AppendAsync(slice, cancellationToken), cancellationToken);
        if (!EndsInLine) await draft.AppendAsync("\r\n"u8.ToArray(), cancellationToken);
    }

    private static async ValueTask<ArrayBufferWriter<byte>> ReadHeaderAsync(IQueueStore store, QueueId id, CancellationToken cancellationToken)
    {
        HeaderSectionReader reader = new(HeaderLimits);
        await using (Stream stream = await OpenAsync(store, id, cancellationToken))
        {
            byte[] slice = ArrayPool<byte>.Shared.Rent(SliceOctets);
            try
            {
                while (reader.State == HeaderSectionState.Reading && await stream.ReadAsync(slice, cancellationToken) is > 0 and int octets) reader.Feed(slice.AsSpan(0, octets));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(slice);
            }
        }

        reader.End();
        ArrayBufferWriter<byte> written = new();
        reader.Section.WriteTo(written);
        return written;
    }

    private static async ValueTask<Stream> OpenAsync(IQueueStore store, QueueId id, CancellationToken cancellationToken) =>
        await store.OpenContentAsync(id, cancellationToken) ?? throw new QueueStoreUnavailableException($"{id}: no content", isDiskFull: false);

    private async ValueTask<bool> IsFreeOfBoundaryAsync(CancellationToken cancellationToken)
    {
        BoundaryScan scan = new(Boundary);
        if (header is not null)
        {
            scan.Feed(header.WrittenSpan);
        }
        else
        {
            byte last = (byte)'\n';
            await ForEachSliceAsync(
                slice =>
                {
                    scan.Feed(slice.Span);
                    last = slice.Span[^1];
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
            EndsInLine = last == '\n';
        }

        IsEightBit = scan.IsEightBit;
        return !scan.HoldsBoundary;
    }

    private async ValueTask ForEachSliceAsync(Func<ReadOnlyMemory<byte>, ValueTask> use, CancellationToken cancellationToken)
    {
        await using Stream stream = await OpenAsync(store, id, cancellationToken);
        byte[] slice = ArrayPool<byte>.Shared.Rent(SliceOctets);
        try
        {
            while (await stream.ReadAsync(slice, cancellationToken) is > 0 and int octets) await use(slice.AsMemory(0, octets));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(slice);
        }
    }
}
