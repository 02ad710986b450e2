namespace Postrider.Mta.Delivery.Mailers;

/// <summary>
/// From the queue's form of a message to a mailer's: line ends by E=, lines no longer than L=, <c>&gt;</c> before <c>From </c> with flag E, seven bits with flag 7,
/// a blank line at the end with flag b. Holds a few octets, never a line. Not thread-safe.
/// </summary>
/// <remarks>sendmail 8.17, oracle 61: a line above the limit becomes limit-1 octets and <c>!</c>, then a blank and the rest.</remarks>
internal sealed class MailerLineWriter(MailerDefinition mailer, Stream output)
{
    private readonly byte[] endOfLine = System.Text.Encoding.Latin1.GetBytes(mailer.EndOfLine);
    private readonly byte[] buffer = new byte[16384];
    private readonly int limit = mailer.LineLimit > 1 ? mailer.LineLimit : int.MaxValue;
    private readonly bool escapes = mailer.Has('E');
    private readonly byte mask = mailer.Has('7') ? (byte)0x7f : (byte)0xff;
    private int filled;
    private int column;       // octets on this line of the output
    private int from = mailer.Has('n') ? 0 : -1; // octets of "From " that this line began with and that are not written yet; -1: it begins otherwise, or is the From_ line itself
    private int last = -1;    // the octet that fits only if it is the last of its line
    private bool endsInCr;
    private bool lastLineIsBlank;

    private static ReadOnlySpan<byte> FromWord => "From "u8;

    /// <summary>Octets written so far.</summary>
    public long Octets { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        while (!octets.IsEmpty)
        {
            // Each octet becomes at most a break, a blank, five held ones and itself.
            int piece = Math.Min(octets.Length, Math.Max(1, (buffer.Length - filled) / (12 + (2 * endOfLine.Length))));
            foreach (byte octet in octets.Span[..piece]) Take(octet);
            octets = octets[piece..];
            if (filled > buffer.Length / 2) await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Completes the last line and hands everything to the stream.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        if (endsInCr) Put((byte)'\r');
        endsInCr = false;
        if (column > 0 || from > 0) EndLine();
        if (mailer.Kind == MailerKind.File || (mailer.Has('b') && !lastLineIsBlank)) EndLine(); // sendmail 8.17, asked: a file always gets one
        await FlushAsync(cancellationToken);
    }

    private void Take(byte octet)
    {
        if (endsInCr && octet != '\n') Put((byte)'\r');
        endsInCr = octet == '\r';
        if (endsInCr) return;

        // A bare LF too: what a program writes to a file is cut at LF, so a line that was none to us would be one to whoever reads the file.
        if (octet == '\n') EndLine();
        else Put(octet);
    }

    private void Put(byte octet)
    {
        if (escapes && column == 0 && from >= 0)
        {
            if (octet == FromWord[from])
            {
                if (++from < FromWord.Length) return;
                from = -1;
                Column((byte)'>');
                foreach (byte one in FromWord) Column(one);
                return;
            }

            LetGoOfFrom();
        }

        Column((byte)(octet & mask));
    }

    private void LetGoOfFrom()
    {
        int held = from;
        from = -1;
        for (int i = 0; i < held; i++) Column(FromWord[i]);
    }

    private void Column(byte octet)
    {
        if (last >= 0)
        {
            Raw((byte)'!');
            Break();
            Raw((byte)' ');
            Raw((byte)last);
            column = 2;
            last = -1;
        }

        if (column >= limit - 1) last = octet;
        else Raw(octet);
        column++;
    }

    private void EndLine()
    {
        if (from > 0) LetGoOfFrom();
        if (last >= 0) Raw((byte)last);
        lastLineIsBlank = column == 0;
        Break();
        last = -1;
        column = 0;
        from = 0;
    }

    private void Break()
    {
        foreach (byte one in endOfLine) Raw(one);
    }

    private void Raw(byte octet)
    {
        buffer[filled++] = octet;
        Octets++;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(buffer.AsMemory(0, filled), cancellationToken);
        filled = 0;
    }
}
