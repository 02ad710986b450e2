using System.Buffers;
using System.Globalization;
using System.Text;

namespace Postrider.Mta.Logging;

/// <summary>One log line in the making: own words as they are, values of others with control characters escaped and length bounded, so that no mail can write a log line of its own.</summary>
/// <remarks>One per thread is kept and used again. Take with <see cref="Begin"/>, end with <see cref="End"/>; not to be held across an await.</remarks>
internal sealed class LogText
{
    /// <summary>Longest value taken from elsewhere, in characters. An address has at most 320 (RFC 5321 §4.5.3.1).</summary>
    internal const int MaxValue = 400;

    /// <summary>Longest line, in characters: twice what RFC 3164 §4.1 asks a syslog to take.</summary>
    internal const int MaxLine = 2048;

    [ThreadStatic]
    private static LogText? free;

    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 32).Concat(Enumerable.Range(127, 33)).Select(static c => (char)c)) + "\u2028\u2029");

    private readonly StringBuilder line = new(256);

    /// <param name="queueId">Null: <c>NOQUEUE</c>.</param>
    public static LogText Begin(string? queueId)
    {
        LogText text = BeginBare();
        return text.Own(queueId ?? "NOQUEUE").Own(": ");
    }

    public static LogText BeginBare()
    {
        LogText text = free ?? new LogText();
        free = null;
        text.line.Clear();
        return text;
    }

    public LogText Own(string text)
    {
        line.Append(text);
        return this;
    }

    public LogText Own(long number)
    {
        line.Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    /// <summary>A text that came from elsewhere.</summary>
    public LogText Value(string? value, int max = MaxValue)
    {
        if (string.IsNullOrEmpty(value)) return this;
        ReadOnlySpan<char> rest = value.AsSpan(0, Math.Min(value.Length, max));
        while (true)
        {
            int at = rest.IndexOfAny(Unsafe);
            if (at < 0) break;
            line.Append(rest[..at]).Append(CultureInfo.InvariantCulture, $"\\x{(int)rest[at]:X2}");
            rest = rest[(at + 1)..];
        }

        line.Append(rest);
        if (value.Length > max) line.Append("...");
        return this;
    }

    /// <summary>An address in angle brackets.</summary>
    public LogText Path(string address)
    {
        line.Append('<');
        Value(address);
        line.Append('>');
        return this;
    }

    /// <summary>sendmail's span of time: <c>00:00:01</c>, <c>2+03:04:05</c> with days.</summary>
    public LogText Delay(TimeSpan time)
    {
        if (time < TimeSpan.Zero) time = TimeSpan.Zero;
        if (time.Days > 0) line.Append(CultureInfo.InvariantCulture, $"{time.Days}+");
        line.Append(CultureInfo.InvariantCulture, $"{time.Hours:00}:{time.Minutes:00}:{time.Seconds:00}");
        return this;
    }

    public string End()
    {
        if (line.Length > MaxLine)
        {
            line.Length = MaxLine - 3;
            line.Append("...");
        }

        string text = line.ToString();
        free = this;
        return text;
    }
}
