namespace Postrider.Mta.Hosting;

/// <summary>Turns what a local program hands over (LF lines, CRLF lines, a mixture) into lines that end in CRLF, and nothing else does.</summary>
/// <remarks>A bare CR becomes a line end too: no octet sequence of a submitter may mean one thing here and another at the next hop. NUL octets are dropped.</remarks>
public sealed class CrlfFraming
{
    private bool afterCr;
    private bool atLineStart = true;

    /// <param name="destination">At least twice as long as <paramref name="source"/>, plus two.</param>
    /// <returns>Octets written.</returns>
    public int Write(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int at = 0;
        foreach (byte octet in source)
        {
            if (octet == '\n')
            {
                if (afterCr)
                {
                    afterCr = false;
                    continue;
                }

                EndLine(destination, ref at);
                continue;
            }

            afterCr = false;
            if (octet == '\r')
            {
                EndLine(destination, ref at);
                afterCr = true;
            }
            else if (octet != 0)
            {
                destination[at++] = octet;
                atLineStart = false;
            }
        }

        return at;
    }

    /// <summary>Ends an unfinished last line.</summary>
    public int Finish(Span<byte> destination)
    {
        int at = 0;
        if (!atLineStart) EndLine(destination, ref at);
        return at;
    }

    private void EndLine(Span<byte> destination, ref int at)
    {
        destination[at++] = (byte)'\r';
        destination[at++] = (byte)'\n';
        atLineStart = true;
    }
}
