using Microsoft.Extensions.Logging;

namespace Postrider.Mta.Logging;

/// <summary>
/// Takes log lines from everywhere into a bounded queue that one thread empties into the sinks, so that a slow terminal or syslog never stalls a session. When
/// the queue is full lines are dropped; how many is said as soon as there is room.
/// </summary>
/// <remarks>Thread-safe. Disposed, it writes what is waiting, for at most two seconds.</remarks>
public sealed class SendmailLineLoggerProvider : ILoggerProvider
{
    private readonly Lock gate = new();
    private readonly AutoResetEvent wake = new(initialState: false);
    private readonly IReadOnlyList<ILogLineSink> sinks;
    private readonly TimeProvider clock;
    private readonly Entry[] ring;
    private readonly Thread writer;
    private int first;
    private int count;
    private long dropped;
    private bool isClosing;

    /// <param name="sinks">Disposed with the provider.</param>
    /// <param name="clock">For the time of each line.</param>
    /// <param name="minimum">Lines below are not taken. Debug shows the reasons of every verdict.</param>
    /// <param name="capacity">Lines that may wait.</param>
    public SendmailLineLoggerProvider(IReadOnlyList<ILogLineSink> sinks, TimeProvider clock, LogLevel minimum = LogLevel.Information, int capacity = 8192)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        this.sinks = sinks;
        this.clock = clock;
        Minimum = minimum;
        ring = new Entry[capacity];
        writer = new Thread(Run) { IsBackground = true, Name = "log" };
        writer.Start();
    }

    public LogLevel Minimum { get; }

    /// <summary>Lines lost since the start because the queue was full.</summary>
    public long TotalDropped { get; private set; }

    /// <summary>Only for categories that are ours the text stands alone; others begin with their category.</summary>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName.StartsWith("Postrider", StringComparison.Ordinal) ? null : categoryName);

    public void Dispose()
    {
        lock (gate)
        {
            if (isClosing) return;
            isClosing = true;
        }

        wake.Set();
        if (!writer.Join(TimeSpan.FromSeconds(2))) return; // a sink hangs: leave it and its resources to the end of the process
        foreach (ILogLineSink sink in sinks) sink.Dispose();
        wake.Dispose();
    }

    private void Add(in Entry entry)
    {
        bool isFirst;
        lock (gate)
        {
            if (isClosing) return;
            if (count == ring.Length)
            {
                dropped++;
                TotalDropped++;
                return;
            }

            ring[(first + count) % ring.Length] = entry;
            isFirst = count++ == 0;
        }

        if (isFirst) wake.Set();
    }

    private void Run()
    {
        while (true)
        {
            while (TryTake(out Entry entry, out long lost))
            {
                if (lost > 0) Write(new Entry(entry.Time, 4, FormattableString.Invariant($"NOQUEUE: {lost} log lines dropped: the log was not read fast enough")));
                Write(entry);
            }

            foreach (ILogLineSink sink in sinks) sink.Flush();
            lock (gate)
            {
                if (isClosing && count == 0) return;
            }

            // Bounded, so that nothing that could ever go wrong with a wake silences the log for good.
            wake.WaitOne(TimeSpan.FromSeconds(1));
        }
    }

    private bool TryTake(out Entry entry, out long lost)
    {
        lock (gate)
        {
            lost = 0;
            entry = default;
            if (count == 0) return false;
            entry = ring[first];
            ring[first] = default;
            first = (first + 1) % ring.Length;
            count--;
            (lost, dropped) = (dropped, 0);
            return true;
        }
    }

    private void Write(in Entry entry)
    {
        foreach (ILogLineSink sink in sinks) sink.Write(entry.Time, entry.Severity, entry.Text);
    }

    private readonly record struct Entry(DateTimeOffset Time, int Severity, string Text);

    private sealed class LineLogger(SendmailLineLoggerProvider provider, string? category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= provider.Minimum && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            // A LogLine is safe already; what others log may hold anything.
            string text = typeof(TState) == typeof(LogLine) ? formatter(state, exception) : Foreign(formatter(state, exception), exception);
            provider.Add(new Entry(provider.clock.GetLocalNow(), SendmailEvents.Severity(logLevel, eventId), text));
        }

        private string Foreign(string message, Exception? exception)
        {
            LogText text = LogText.BeginBare();
            if (category is not null) text.Value(category).Own(": ");
            text.Value(message, LogText.MaxLine);
            if (exception is not null) text.Own(": ").Value(exception.ToString(), LogText.MaxLine);
            return text.End();
        }
    }
}
