namespace Postrider.Mail.Headers;

/// <summary>
/// Reads a header section from slices of content as they arrive, up to the empty line, so that the body after it streams through untouched.
/// Feed slices while <see cref="State"/> is <see cref="HeaderSectionState.Reading"/>; at the end of content call <see cref="End"/>. The body is then
/// <see cref="BodyPrefix"/>, followed by what <see cref="Feed"/> did not take of its last slice, followed by everything after it.
/// </summary>
/// <remarks>
/// As lenient as sendmail 8.17 (oracle 61): the first line that is no header field ends the section and begins the body, also when it is the very first or a
/// continuation of nothing; a From_ line at the top is dropped. Only CRLF ends a line (design: in data nothing else does). Fields are copied once, into one array.
/// Not thread-safe.
/// </remarks>
public sealed class HeaderSectionReader(HeaderSectionLimits limits)
{
    private byte[] buffer = [];
    private int length;       // octets kept, all of whole fields except the last line
    private int lineStart;    // where the line that is being read begins
    private int fieldStart = -1; // where the field that may still be continued begins; -1: none
    private int lines;
    private bool anyLine;

    public HeaderSectionState State { get; private set; }

    /// <summary>What was read. Its fields point into this reader's array, which nobody else writes.</summary>
    public HeaderSection Section { get; } = new();

    /// <summary>Octets that were taken from earlier slices and then proved to be body. Almost always empty.</summary>
    public ReadOnlyMemory<byte> BodyPrefix { get; private set; }

    /// <summary>Takes octets of <paramref name="slice"/>.</summary>
    /// <returns>How many were taken; all of them while the state stays <see cref="HeaderSectionState.Reading"/>.</returns>
    /// <exception cref="InvalidOperationException">The section is at its end.</exception>
    public int Feed(ReadOnlySpan<byte> slice)
    {
        if (State != HeaderSectionState.Reading) throw new InvalidOperationException("the header section is at its end");
        if (buffer.Length == 0 && slice.IndexOf("\r\n\r\n"u8) is >= 0 and int end) buffer = new byte[Math.Min(end + 4L, limits.MaxOctets + 2L)];
        int taken = 0;
        while (taken < slice.Length)
        {
            int carried = length - lineStart;
            int lineFeed = slice[taken..].IndexOf((byte)'\n');
            int octets = lineFeed < 0 ? slice.Length - taken : lineFeed + 1;

            // The budget covers what would be kept. A line longer than it may still be the first line of a body, which is not ours to bound.
            int room = (int)Math.Min(octets, (long)limits.MaxOctets + 2 - length);
            Append(slice.Slice(taken, Math.Max(room, 0)));
            ReadOnlySpan<byte> line = buffer.AsSpan(lineStart, length - lineStart);
            bool isWhole = room == octets && line.EndsWith("\r\n"u8);
            if (isWhole ? !TakeLine(line) : CannotBeField(line))
            {
                if (State != HeaderSectionState.Reading) return taken + octets; // the empty line, or a limit
                BodyPrefix = buffer.AsMemory(lineStart, carried);
                Complete();
                return taken;
            }

            if (room < octets || (isWhole && length > limits.MaxOctets)) return Refuse(HeaderSectionState.TooManyOctets, taken);
            taken += octets;
        }

        return taken;
    }

    /// <summary>The content ended without an empty line. A last line without CRLF counts as a line.</summary>
    public void End()
    {
        if (State != HeaderSectionState.Reading) return;
        ReadOnlySpan<byte> rest = buffer.AsSpan(lineStart, length - lineStart);
        if (!rest.IsEmpty && !TakeLine(rest) && State == HeaderSectionState.Reading) BodyPrefix = buffer.AsMemory(lineStart, rest.Length);
        if (State == HeaderSectionState.Reading) Complete();
    }

    /// <summary>Judges a whole line. False: the section ends before it, or (state set) with it.</summary>
    private bool TakeLine(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("\r\n"u8))
        {
            Complete();
            return false;
        }

        bool isFirst = !anyLine;
        anyLine = true;
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            if (fieldStart < 0) return false; // sendmail 8.17, oracle 61 "continuation first": body begins here
        }
        else if (HeaderField.TrySplit(line, out _, out _))
        {
            CloseField();
            fieldStart = lineStart;
        }
        else if (isFirst && line.StartsWith("From "u8))
        {
            length = lineStart; // sendmail 8.17, oracle 61 "mbox From"
            return true;
        }
        else
        {
            return false;
        }

        if (++lines > limits.MaxLines)
        {
            State = HeaderSectionState.TooManyLines;
            return false;
        }

        lineStart = length;
        return true;
    }

    private bool CannotBeField(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty) return false;
        if (start[0] is (byte)' ' or (byte)'\t') return fieldStart < 0;
        if (start[0] == '\r') return start.Length > 1;
        if (!anyLine && (start.StartsWith("From "u8) || "From "u8.StartsWith(start))) return false;
        int i = 0;
        while (i < start.Length && HeaderText.IsNameOctet(start[i])) i++;
        int name = i;
        while (i < start.Length && start[i] is (byte)' ' or (byte)'\t') i++;
        return i < start.Length && (start[i] != ':' || name == 0);
    }

    private void Complete()
    {
        CloseField();
        State = HeaderSectionState.Complete;
    }

    private int Refuse(HeaderSectionState state, int taken)
    {
        CloseField();
        State = state;
        return taken;
    }

    private void CloseField()
    {
        if (fieldStart < 0) return;
        ReadOnlyMemory<byte> octets = buffer.AsMemory(fieldStart, lineStart - fieldStart);
        if (octets.Span.EndsWith("\r\n"u8)) octets = octets[..^2];
        HeaderField.TrySplit(octets.Span, out int nameLength, out int valueStart);
        Section.Append(HeaderField.OfOctets(octets[..nameLength], octets[valueStart..]));
        fieldStart = -1;
    }

    private void Append(ReadOnlySpan<byte> octets)
    {
        if (length + octets.Length > buffer.Length)
        {
            // Fields that are closed keep pointing into the old array; it is not written any more.
            byte[] larger = new byte[Math.Max(length + octets.Length, Math.Max(2048, buffer.Length * 2))];
            buffer.AsSpan(0, length).CopyTo(larger);
            buffer = larger;
        }

        octets.CopyTo(buffer.AsSpan(length));
        length += octets.Length;
    }
}
