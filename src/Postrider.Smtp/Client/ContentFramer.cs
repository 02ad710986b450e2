namespace Postrider.Smtp.Client;

/// <summary>Frames content for the wire, whatever slices it comes in (RFC 5321 §4.1.1.4, §4.5.2). A mutable value; one message at a time.</summary>
/// <remarks>
/// Every internal hop re-frames (design §4): only CRLF leaves as a line end, a dot at the beginning of a line is doubled, and the end mark follows a CRLF. So a next
/// hop that takes <c>LF.LF</c> or <c>CR.CR</c> for the end of a message is never given one to misread. A bare LF is a line end that some file system wrote, and
/// becomes CRLF; a bare CR is none, and becomes a blank, so that no line comes into being that its author did not write.
/// </remarks>
internal struct ContentFramer
{
    private static readonly ReadOnlyMemory<byte> Dot = "."u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Blank = " "u8.ToArray();
    private static readonly ReadOnlyMemory<byte> LineEnd = "\r\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> EndMark = ".\r\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> LineEndAndMark = "\r\n.\r\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> BlankLineEndAndMark = " \r\n.\r\n"u8.ToArray();

    private bool atLineStart;
    private bool heldCr;

    public ContentFramer()
    {
        atLineStart = true;
        heldCr = false;
    }

    /// <summary>One step: the first <paramref name="plain"/> octets go out as they are, then <paramref name="insert"/>; <paramref name="consumed"/> octets (not fewer than plain) are done with.</summary>
    /// <remarks>A step may consume nothing when it inserts something; the next one then goes on.</remarks>
    public void Next(ReadOnlySpan<byte> content, out int plain, out int consumed, out ReadOnlyMemory<byte> insert)
    {
        plain = consumed = 0;
        insert = default;
        if (content.IsEmpty) return;
        if (heldCr)
        {
            heldCr = false;
            atLineStart = content[0] == '\n';
            insert = atLineStart ? LineEnd : Blank;
            consumed = atLineStart ? 1 : 0;
            return;
        }

        int at = 0;
        while (true)
        {
            if (atLineStart && at < content.Length && content[at] == '.')
            {
                atLineStart = false;
                plain = consumed = at;
                insert = Dot;
                return;
            }

            int stop = content[at..].IndexOfAny((byte)'\r', (byte)'\n');
            if (stop < 0)
            {
                if (at < content.Length) atLineStart = false;
                plain = consumed = content.Length;
                return;
            }

            stop += at;
            if (content[stop] == '\r' && stop + 1 < content.Length && content[stop + 1] == '\n')
            {
                atLineStart = true;
                at = stop + 2;
                continue;
            }

            // Not a whole CRLF: a bare LF, a bare CR, or a CR whose successor is in the next slice.
            plain = stop;
            consumed = stop + 1;
            heldCr = content[stop] == '\r' && consumed == content.Length;
            atLineStart = content[stop] == '\n';
            if (!heldCr) insert = atLineStart ? LineEnd : Blank;
            return;
        }
    }

    /// <summary>What ends the message: the end of the last line if it has none, and the end mark.</summary>
    public readonly ReadOnlyMemory<byte> End() => heldCr ? BlankLineEndAndMark : atLineStart ? EndMark : LineEndAndMark;
}
