using System.Buffers;
using System.Globalization;
using System.Text;

namespace Postrider.Smtp.Client;

/// <summary>The outgoing side of a session: commands are gathered and sent together; content is framed on its way through. Not thread-safe.</summary>
internal sealed class SmtpClientWriter : IDisposable
{
    /// <summary>Slices from this size on go to the transport as they are; smaller ones are gathered.</summary>
    private const int WorthWriting = 8192;

    private Stream stream;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(16384);
    private int length;
    private ContentFramer framer = new();

    public SmtpClientWriter(Stream stream) => this.stream = stream;

    /// <summary>Octets gathered and not yet sent.</summary>
    public int Buffered => length;

    public void Continue(Stream next) => stream = next;

    public void Append(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        length += Encoding.UTF8.GetBytes(text, buffer.AsSpan(length));
    }

    public void Append(ReadOnlySpan<byte> octets)
    {
        Reserve(octets.Length);
        octets.CopyTo(buffer.AsSpan(length));
        length += octets.Length;
    }

    public void Append(long number)
    {
        Reserve(20);
        number.TryFormat(buffer.AsSpan(length), out int written, provider: CultureInfo.InvariantCulture);
        length += written;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (length == 0) return;
        int sent = length;
        length = 0;
        await stream.WriteAsync(buffer.AsMemory(0, sent), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    public void BeginContent() => framer = new ContentFramer();

    /// <summary>Frames one slice of content on its way. Nothing is copied that is worth a write of its own.</summary>
    public async ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        while (!content.IsEmpty)
        {
            framer.Next(content.Span, out int plain, out int consumed, out ReadOnlyMemory<byte> insert);
            await PutAsync(content[..plain], cancellationToken);
            Append(insert.Span);
            content = content[consumed..];
        }
    }

    /// <summary>Appends the end mark; the caller flushes.</summary>
    public void EndContent() => Append(framer.End().Span);

    public void Dispose()
    {
        byte[] rented = Interlocked.Exchange(ref buffer, []);
        length = 0;
        if (rented.Length > 0) ArrayPool<byte>.Shared.Return(rented);
    }

    private async ValueTask PutAsync(ReadOnlyMemory<byte> slice, CancellationToken cancellationToken)
    {
        if (slice.Length < WorthWriting)
        {
            if (length + slice.Length > 4 * WorthWriting) await FlushAsync(cancellationToken);
            Append(slice.Span);
            return;
        }

        await FlushAsync(cancellationToken);
        await stream.WriteAsync(slice, cancellationToken);
    }

    private void Reserve(int octets)
    {
        if (buffer.Length - length >= octets) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + octets));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
