namespace Postrider.Smtp.Server;

internal sealed partial class SmtpServerSession
{
    private const int LineLost = -1;
    private const int LineTooLong = -2;

    /// <summary>Waits for a whole line at the front of the buffer.</summary>
    /// <returns>Its length without the LF; or <see cref="LineLost"/>, <see cref="LineTooLong"/>.</returns>
    private async ValueTask<int> ReadLineAsync(int limit, TimeSpan timeout)
    {
        int scanned = 0;
        while (true)
        {
            ReadOnlySpan<byte> buffered = wire.Buffered.Span;
            int found = buffered[scanned..].IndexOf((byte)'\n');
            int length = found < 0 ? buffered.Length : scanned + found;

            // RFC 4954 §4: an AUTH command may carry an initial response of up to 12288 octets.
            if (length >= limit && (limit < settings.MaxAuthLine && IsAuth(buffered))) limit = settings.MaxAuthLine;
            if (length >= limit) return LineTooLong;
            if (found >= 0)
            {
                wire.SetDeadline(Timeout.InfiniteTimeSpan);
                return length;
            }

            // The deadline is the line's, not the octet's: who drips octets gains nothing.
            if (scanned == 0) wire.SetDeadline(timeout);
            scanned = length;
            if (!await wire.FillAsync(isIdle: transaction is null && length == 0)) return LineLost;
        }
    }

    private static bool IsAuth(ReadOnlySpan<byte> line) => line.Length > 5 && System.Text.Ascii.EqualsIgnoreCase(line[..5], "AUTH "u8);
}
