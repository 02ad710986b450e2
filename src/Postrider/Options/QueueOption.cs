using Postrider.Queue;

namespace Postrider.Cli.Options;

/// <summary>What <c>-q</c> asked for.</summary>
/// <param name="Interval">-q30m, -qp30m; null: once.</param>
/// <param name="Filter">-qI, -qS, -qR.</param>
internal sealed record QueueOption(TimeSpan? Interval, QueueFilter Filter)
{
    /// <summary>sendmail's intervals: a number with s, m, h, d or w; minutes when there is no letter; several may follow each other (1h30m).</summary>
    public static TimeSpan? ParseInterval(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return null;
        long seconds = 0;
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            if (at == start || at - start > 9) return null;
            long number = long.Parse(text[start..at], System.Globalization.CultureInfo.InvariantCulture);
            long unit = at == text.Length ? 60 : text[at++] switch
            {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 86400,
                'w' => 604800,
                _ => 0,
            };
            if (unit == 0) return null;
            seconds += number * unit;
        }

        return seconds is > 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;
    }
}
