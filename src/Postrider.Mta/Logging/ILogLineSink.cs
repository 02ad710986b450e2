namespace Postrider.Mta.Logging;

/// <summary>Where finished lines go. Called by one thread only; may block, because nobody but that thread waits.</summary>
public interface ILogLineSink : IDisposable
{
    /// <summary>Takes one line. Must not throw for a full disk or an absent syslog: what cannot be written is lost.</summary>
    /// <param name="time">In local time.</param>
    /// <param name="severity">syslog's, 0 to 7.</param>
    /// <param name="text">One line without line end, control characters escaped.</param>
    void Write(DateTimeOffset time, int severity, string text);

    /// <summary>Nothing more is waiting now.</summary>
    void Flush();
}
