using System.Text;
using Postrider.Cli.Options;
using Postrider.Mta.AddressTest;
using Postrider.Mta.Configuration;
using Postrider.Mta.Dns;
using Postrider.Mta.Hosting;
using Postrider.Mta.Logging;
using Postrider.Queue.Journal;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting.TestMode;

namespace Postrider.Cli.Applets;

/// <summary><c>sendmail -bt</c>: reads a configuration, then commands from standard input. A configuration with mistakes is tested all the same (oracle 80).</summary>
internal static class AddressTestApplet
{
    private const int Critical = 2;

    public static async Task<SysExit> RunAsync(AppletContext context, SendmailOptions options, CancellationToken cancellationToken)
    {
        string path = options.ConfigurationFile ?? FileSiteSource.DefaultPath;
        CfReading reading = new FileSiteSource(path, options.ConfigurationLines).ReadDocument();
        if (reading.Document is not { } document)
        {
            foreach (string line in reading.Sendmail.Lines) await context.Error.WriteLineAsync(line);
            return reading.Exit;
        }

        foreach (Diagnostic diagnostic in reading.Found) await context.Error.WriteLineAsync(diagnostic.ToString());
        List<Diagnostic> problems = [];
        StubResolver resolver = new(StubResolverSettings.Of(CfValue.List(document.Feature("name_servers")?.Argument(1) ?? "")), context.Time);
        string id = new QueueIdSource(context.Time, (ulong)Environment.ProcessId).Next().ToString();
        TestModeSite site = await AddressTestSite.OpenAsync(document, BindingHost.Here(path), resolver, new AddressTester(Environment.UserName, id, context.Time), problems.Add, cancellationToken);
        SendmailVoice voice = SendmailVoice.Of(problems.Concat(document.Lacks));
        int mistaken = voice.ExitStatus != 0 ? voice.ExitStatus : reading.Built is { Succeeded: false } ? (int)SysExit.Software : 0;
        foreach (string line in voice.Lines) await context.Output.WriteLineAsync(line);
        if (mistaken == (int)SysExit.Usage) return SysExit.Usage;
        using SyslogSink log = new(SyslogSink.DefaultPath, options.LogTag ?? "sendmail");
        TestModeInterpreter interpreter = new(site, context.Output, text => log.Write(context.Time.GetLocalNow(), Critical, $"{id}: SYSERR({site.UserName}): {text}"));
        if (options.Debug is { } levels) interpreter.Debug(levels);
        using StreamReader input = new(context.Input, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        // A prompt is flushed by the interpreter; what comes between two need not be written piece by piece.
        if (context.Output is StreamWriter output) output.AutoFlush = false;
        await interpreter.RunAsync(input, cancellationToken);
        await context.Output.FlushAsync(cancellationToken);
        return (SysExit)(mistaken != 0 ? mistaken : interpreter.Exit);
    }
}
