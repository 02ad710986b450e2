using System.Text;
using Postrider.Mail.Dsn;

namespace Postrider.Tests.Mail.Dsn;

public sealed class BoundaryScanTests
{
    [Fact]
    public void A_boundary_is_found_however_the_content_is_cut()
    {
        byte[] content = Encoding.ASCII.GetBytes("aaaa\r\n-\r\n---b.1/h--\r\nzzzzzzzzzz");
        for (int size = 1; size <= content.Length; size++)
        {
            BoundaryScan scan = new("b.1/h");
            for (int at = 0; at < content.Length; at += size) scan.Feed(content.AsSpan(at, Math.Min(size, content.Length - at)));
            Assert.True(scan.HoldsBoundary, $"slices of {size}");
        }
    }

    [Fact]
    public void What_only_resembles_it_is_none()
    {
        byte[] content = Encoding.ASCII.GetBytes("--b.1/g --b.1/ -b.1/h b.1/h --b.1\r\n/h");
        for (int size = 1; size <= content.Length; size++)
        {
            BoundaryScan scan = new("b.1/h");
            for (int at = 0; at < content.Length; at += size) scan.Feed(content.AsSpan(at, Math.Min(size, content.Length - at)));
            Assert.False(scan.HoldsBoundary, $"slices of {size}");
        }
    }

    [Fact]
    public void Octets_above_127_are_seen()
    {
        BoundaryScan scan = new("b");
        scan.Feed("abc"u8);
        Assert.False(scan.IsEightBit);
        scan.Feed([0xe9]);
        scan.Feed("abc"u8);
        Assert.True(scan.IsEightBit);
    }
}
