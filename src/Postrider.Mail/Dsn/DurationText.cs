using System.Globalization;
using System.Text;

namespace Postrider.Mail.Dsn;

/// <summary>Spans of time in words, as sendmail says them in reports and log lines (oracle 51).</summary>
public static class DurationText
{
    /// <summary><c>4 hours</c>, <c>5 days</c>, <c>1 hour 30 minutes</c>; whole seconds.</summary>
    public static string InWords(TimeSpan time)
    {
        StringBuilder words = new();
        Append(words, (int)time.TotalDays, "day");
        Append(words, time.Hours, "hour");
        Append(words, time.Minutes, "minute");
        Append(words, time.Seconds, "second");
        return words.Length == 0 ? "0 seconds" : words.ToString();
    }

    private static void Append(StringBuilder words, int count, string unit)
    {
        if (count == 0) return;
        if (words.Length > 0) words.Append(' ');
        words.Append(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
    }
}
