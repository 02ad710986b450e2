using Microsoft.Extensions.Logging;
using Postrider.Mta.Logging;

namespace Postrider.Mta.Hosting;

/// <summary>Where the daemon's lines go: the local syslog, or standard error where there is none. One for the life of the process; a reload changes only the level.</summary>
internal sealed class DaemonLog : IDisposable
{
    private readonly SendmailLineLoggerProvider provider;
    private readonly Stream? stream;
    private SendmailLog lines;

    private DaemonLog(ILogLineSink sink, Stream? stream, TimeProvider time, bool showsReasons)
    {
        this.stream = stream;
        provider = new SendmailLineLoggerProvider([sink], time, showsReasons ? LogLevel.Debug : LogLevel.Information);
        Factory = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = provider.Minimum });
        lines = new SendmailLog(Factory.CreateLogger("Postrider"));
    }

    public LoggerFactory Factory { get; }

    /// <summary>At the level of the site that is current.</summary>
    public SendmailLog Lines => lines;

    public static DaemonLog Open(DaemonOptions options, TimeProvider time)
    {
        if (options.UsesSyslog && SyslogSink.IsThere) return new DaemonLog(new SyslogSink(SyslogSink.DefaultPath, options.LogTag), null, time, options.ShowsReasons);
        Stream error = Console.OpenStandardError();
        return new DaemonLog(new StreamLogSink(error, Environment.MachineName, options.LogTag), error, time, options.ShowsReasons);
    }

    public void Use(int logLevel) => lines = new SendmailLog(Factory.CreateLogger("Postrider"), logLevel);

    /// <summary>One line that no kind of sendmail's fits.</summary>
    public void Say(string text) => lines.Notice(null, text, level: 0);

    /// <summary>One line that a rule writes, at its severity of syslog.</summary>
    public void ByRule(int severity, string text) => lines.ByRule(severity, text);

    public void Dispose()
    {
        Factory.Dispose();
        provider.Dispose();
        stream?.Dispose();
    }
}
