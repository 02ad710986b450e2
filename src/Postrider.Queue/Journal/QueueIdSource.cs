namespace Postrider.Queue.Journal;

/// <summary>
/// Ids in sendmail's form (sendmail 8.17, oracle 01: <c>6AKNGbTb001482</c>): year, month, day, hour, minute and second as single characters, two of sequence, six digits.
/// </summary>
/// <remarks>
/// Where sendmail puts its process id, the first three digits count the openings of the store, so that a restart within the same second gives other ids
/// (in a container the process id is always 1); the last three carry the sequence on, for up to 3.8 million ids a second.
/// </remarks>
public sealed class QueueIdSource(TimeProvider time, ulong epoch)
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int PerSecond = 62 * 62 * 1000;

    private readonly Lock gate = new();
    private long second;
    private int sequence;

    /// <summary>An id that this source has not given before.</summary>
    public QueueId Next()
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        lock (gate)
        {
            // A clock that steps back, or more than PerSecond ids in one second: the id's time stands still or runs ahead, the id stays unique.
            if (now > second) (second, sequence) = (now, 0);
            else if (sequence == PerSecond) (second, sequence) = (second + 1, 0);
            return new QueueId(string.Create(14, (At: DateTimeOffset.FromUnixTimeSeconds(second), Sequence: sequence++, Epoch: (int)(epoch % 1000)), Write));
        }
    }

    private static void Write(Span<char> id, (DateTimeOffset At, int Sequence, int Epoch) from)
    {
        id[0] = Digits[(from.At.Year - 1900) % 60];
        id[1] = Digits[from.At.Month - 1];
        id[2] = Digits[from.At.Day];
        id[3] = Digits[from.At.Hour];
        id[4] = Digits[from.At.Minute];
        id[5] = Digits[from.At.Second];
        int low = from.Sequence % (62 * 62);
        id[6] = Digits[low / 62];
        id[7] = Digits[low % 62];
        Decimal(id[8..], from.Epoch);
        Decimal(id[11..], from.Sequence / (62 * 62));
    }

    private static void Decimal(Span<char> id, int value)
    {
        id[0] = (char)('0' + (value / 100));
        id[1] = (char)('0' + (value / 10 % 10));
        id[2] = (char)('0' + (value % 10));
    }
}
