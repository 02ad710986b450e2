namespace Postrider.Cli.Submission;

/// <summary>Ends a message at the line with a single dot, as sendmail does on standard input unless <c>-i</c> is given. Sees across slices by holding back what may be that line.</summary>
internal sealed class DotEnd
{
    private int lineOctets; // octets of this line so far, two at most
    private int held; // of ".\r" not yet passed on

    /// <summary>The dot was seen: what follows is not part of the message.</summary>
    public bool IsReached { get; private set; }

    /// <param name="source">CRLF lines.</param>
    /// <param name="destination">At least two octets longer.</param>
    /// <returns>Octets passed on.</returns>
    public int Pass(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int at = 0;
        foreach (byte octet in source)
        {
            if (IsReached) break;
            if (held == 0 && lineOctets == 0 && octet == '.')
            {
                held = 1;
                continue;
            }

            if (held == 1 && octet == '\r')
            {
                held = 2;
                continue;
            }

            if (held == 2 && octet == '\n')
            {
                IsReached = true;
                break;
            }

            at += Release(destination[at..]);
            destination[at++] = octet;
            lineOctets = octet == '\n' ? 0 : 1;
        }

        return at;
    }

    /// <summary>At the end of input: what was held back after all.</summary>
    public int Release(Span<byte> destination)
    {
        if (held == 0 || IsReached) return 0;
        destination[0] = (byte)'.';
        if (held == 2) destination[1] = (byte)'\r';
        int released = held;
        held = 0;
        lineOctets = 1;
        return released;
    }
}
