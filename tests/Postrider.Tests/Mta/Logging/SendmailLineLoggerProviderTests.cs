using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Postrider.Mta.Logging;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Logging;

public sealed class SendmailLineLoggerProviderTests
{
    private static readonly ManualTimeProvider Clock = new(new DateTimeOffset(2026, 11, 1, 1, 2, 3, TimeSpan.Zero));

    [Fact]
    public void A_line_looks_as_in_a_syslog_file()
    {
        using MemoryStream stream = new();
        using (SendmailLineLoggerProvider provider = new([new StreamLogSink(stream, "mx.example.org", "sm-mta")], Clock))
        {
            new SendmailLog(provider.CreateLogger("Postrider.Mta")).DaemonStarting("0.1.0", null);
            provider.CreateLogger("Other.Category").LogWarning(new InvalidOperationException("x\ny"), "two\nlines");
        }

        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal($"Nov  1 01:02:03 mx sm-mta[{Environment.ProcessId}]: starting daemon (0.1.0): SMTP", lines[0]);
        Assert.Contains(": Other.Category: two\\x0Alines: System.InvalidOperationException: x\\x0Ay", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sink_that_hangs_stalls_nobody_and_what_is_lost_is_said()
    {
        using GateSink sink = new();
        using (SendmailLineLoggerProvider provider = new([sink], Clock, capacity: 4))
        {
            ILogger logger = provider.CreateLogger("Postrider");
            logger.LogInformation("first");
            await sink.Entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
            for (int i = 0; i < 10; i++) logger.LogInformation("waiting {Number}", i);
            Assert.Equal(6, provider.TotalDropped);
            sink.Open.Set();
        }

        Assert.Equal(
            ["first", "NOQUEUE: 6 log lines dropped: the log was not read fast enough", "waiting 0", "waiting 1", "waiting 2", "waiting 3"],
            sink.Lines,
            StringComparer.Ordinal);
    }

    [Fact]
    public void Lines_below_the_minimum_are_not_taken()
    {
        using GateSink sink = new();
        sink.Open.Set();
        using (SendmailLineLoggerProvider provider = new([sink], Clock, LogLevel.Warning))
        {
            ILogger logger = provider.CreateLogger("Postrider");
            logger.LogInformation("no");
            logger.LogWarning("yes");
        }

        Assert.Equal(["yes"], sink.Lines, StringComparer.Ordinal);
    }

    [Fact]
    public void Syslog_gets_facility_mail_and_the_severity_of_the_line()
    {
        string path = Path.Combine(Path.GetTempPath(), $"postrider-{Guid.NewGuid():N}.sock");
        using Socket syslog = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        syslog.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            using (SendmailLineLoggerProvider provider = new([new SyslogSink(path, "postrider")], Clock))
            {
                SendmailLog log = new(provider.CreateLogger("Postrider"), 10);
                log.RecipientRefused(null, "<a>... User unknown");
                log.Connect("localhost [127.0.0.1]");
            }

            byte[] datagram = new byte[2048];
            Assert.Equal($"<21>Nov  1 01:02:03 postrider[{Environment.ProcessId}]: NOQUEUE: <a>... User unknown", Encoding.UTF8.GetString(datagram, 0, syslog.Receive(datagram)));
            Assert.Equal($"<22>Nov  1 01:02:03 postrider[{Environment.ProcessId}]: NOQUEUE: connect from localhost [127.0.0.1]", Encoding.UTF8.GetString(datagram, 0, syslog.Receive(datagram)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void An_absent_syslog_is_no_failure()
    {
        using SyslogSink sink = new("/nonexistent/log", "postrider");
        sink.Write(Clock.GetUtcNow(), 6, "x");
    }

    private sealed class GateSink : ILogLineSink
    {
        public ManualResetEventSlim Open { get; } = new();

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Lines { get; } = [];

        public void Write(DateTimeOffset time, int severity, string text)
        {
            Entered.TrySetResult();
            Open.Wait();
            Lines.Add(text);
        }

        public void Flush() { }

        public void Dispose() => Open.Dispose();
    }
}
