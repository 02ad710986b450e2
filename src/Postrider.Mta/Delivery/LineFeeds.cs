namespace Postrider.Mta.Delivery;

/// <summary>From the wire's line ends to those of a file: CRLF becomes LF, in place.</summary>
internal static class LineFeeds
{
    /// <returns>The octets that are left. A CR before anything but LF stays, one at the very end too: whether it is bare the next piece tells.</returns>
    public static int Compact(Span<byte> octets)
    {
        int first = octets.IndexOf("\r\n"u8);
        if (first < 0) return octets.Length;
        int to = first;
        int from = first + 1;
        while (true)
        {
            int next = octets[from..].IndexOf("\r\n"u8);
            int length = next < 0 ? octets.Length - from : next;
            octets.Slice(from, length).CopyTo(octets[to..]);
            to += length;
            if (next < 0) return to;
            from += length + 1;
        }
    }
}
