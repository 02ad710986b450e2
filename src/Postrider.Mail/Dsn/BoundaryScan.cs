using System.Text;

namespace Postrider.Mail.Dsn;

/// <summary>Looks, slice by slice, whether octets that will be returned hold a boundary delimiter (RFC 2046 §5.1.1) or anything above 127.</summary>
/// <remarks>The message that comes back is written by a stranger: a boundary that it could hold would let it forge parts of the report. Not thread-safe.</remarks>
public sealed class BoundaryScan
{
    private readonly byte[] delimiter;
    private readonly byte[] tail; // the end of the last slices, in case the delimiter straddles them
    private int tailLength;

    public BoundaryScan(string boundary)
    {
        delimiter = Encoding.ASCII.GetBytes("--" + boundary);
        tail = new byte[(delimiter.Length - 1) * 2];
    }

    /// <summary>The boundary occurs: take another.</summary>
    public bool HoldsBoundary { get; private set; }

    public bool IsEightBit { get; private set; }

    public void Feed(ReadOnlySpan<byte> slice)
    {
        IsEightBit = IsEightBit || !Ascii.IsValid(slice);
        if (HoldsBoundary || slice.IsEmpty) return;
        int keep = delimiter.Length - 1;
        int joined = Math.Min(slice.Length, keep);
        slice[..joined].CopyTo(tail.AsSpan(tailLength));
        HoldsBoundary = tail.AsSpan(0, tailLength + joined).IndexOf(delimiter) >= 0 || slice.IndexOf(delimiter) >= 0;
        if (slice.Length >= keep)
        {
            slice[^keep..].CopyTo(tail);
            tailLength = keep;
        }
        else
        {
            int length = tailLength + joined;
            int drop = Math.Max(0, length - keep);
            tail.AsSpan(drop, length - drop).CopyTo(tail);
            tailLength = length - drop;
        }
    }
}
