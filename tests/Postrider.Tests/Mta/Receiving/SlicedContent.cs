using System.Text;
using Postrider.Smtp.Server;

namespace Postrider.Tests.Mta.Receiving;

/// <summary>Content in slices of a given size; every slice is overwritten when the next one is asked for, as a transport's buffers are.</summary>
internal sealed class SlicedContent(string text, int sliceOctets = int.MaxValue) : SmtpContent
{
    private readonly byte[] octets = Encoding.Latin1.GetBytes(text);
    private byte[] slice = [];
    private int at;

    public SmtpContentException? EndsWith { get; init; }

    public override long Octets => at;

    public override ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        slice.AsSpan().Fill((byte)'#');
        int length = Math.Min(sliceOctets, octets.Length - at);
        if (length == 0 && EndsWith is not null) throw EndsWith;
        slice = octets.AsSpan(at, length).ToArray();
        at += length;
        return new ValueTask<ReadOnlyMemory<byte>>(slice);
    }
}
