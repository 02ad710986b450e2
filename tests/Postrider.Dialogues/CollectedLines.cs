using Microsoft.Extensions.Logging;

namespace Postrider.Dialogues;

/// <summary>The lines that the house's log would write, in order; reasons (debug level) apart, for failure messages.</summary>
internal sealed class CollectedLines : ILogger
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly List<string> everything = [];

    public IReadOnlyList<string> Lines { get { lock (gate) return [.. lines]; } }

    public IReadOnlyList<string> Everything { get { lock (gate) return [.. everything]; } }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = formatter(state, exception);
        lock (gate)
        {
            everything.Add(line);
            if (logLevel >= LogLevel.Information) lines.Add(line);
        }
    }
}
