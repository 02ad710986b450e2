using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Postrider.Mta.Configuration;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Mc;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Hosting;

/// <summary>A configuration from one file: a <c>.cf</c> as it is, a <c>.mc</c> compiled in memory by our own library; command line options count as further lines.</summary>
/// <param name="path">Names ending in <c>.mc</c> are compiled.</param>
/// <param name="commandLine">What -O, -o and -M said, as lines of a <c>.cf</c>.</param>
public sealed class FileSiteSource(string path, IReadOnlyList<string> commandLine) : ISiteSource
{
    /// <summary>Where sendmail looks without -C.</summary>
    public const string DefaultPath = "/etc/mail/sendmail.cf";

    // sendmail knows no limit. The longest that the library of 8.17 can be made to write is not a hundredth of this.
    private const int MaxOctets = 64 << 20;

    private const string NoQueueDirectory = "QueueDirectory (Q) option must be set";

    public string Name => path;

    /// <summary>What the command line added, as lines of a cf.</summary>
    public IReadOnlyList<string> CommandLine => commandLine;

    public SiteReading Read()
    {
        CfReading reading = ReadDocument();
        if (reading.Document is not { } document) return new SiteReading(null, Text(reading.Found)) { Exit = reading.Exit, Sendmail = reading.Sendmail };

        // What the macros say and what the binder says is told together: all mistakes in one run. What is there twice is told once, by the macro that was wrong.
        string full = Path.GetFullPath(path);
        List<Diagnostic> found = [.. reading.Found];
        SiteBinding binding = SiteBinder.Bind(document, BindingHost.Here(full));
        List<Diagnostic> whole = [.. document.Lacks];
        if (!document.IsNative && document.Option("QueueDirectory") is null)
            whole.Add(new Diagnostic(Severity.Error, path, 0, NoQueueDirectory, "O QueueDirectory=/var/spool/mqueue") { SendmailText = NoQueueDirectory });
        if (!document.IsNative) whole.AddRange(CfAccounts.Check(document));
        found.AddRange(whole);
        HashSet<(string, int, Severity)> told = [.. found.Where(static one => one.Line > 0).Select(static one => (one.File, one.Line, one.Severity))];
        found.AddRange(binding.Diagnostics.Select(one => reading.Built?.AtSource(one, full) ?? one)
            .Where(one => !told.Contains((one.File, one.Line, one.Severity)) && !told.Contains((one.File, one.Line, Severity.Error))));
        SendmailVoice voice = reading.Built is null ? Voice([.. binding.Diagnostics, .. whole]) : AsFound(found);
        bool isRefused = binding.Configuration is null || reading.Built is { Succeeded: false } || whole.Exists(static one => one.Severity == Severity.Error);
        return new SiteReading(isRefused ? null : binding.Configuration, Text(found)) { Exit = SysExit.Configuration, Sendmail = voice };
    }

    /// <summary>Reads the file as far as its lines; what they mean for a site is not looked at.</summary>
    public CfReading ReadDocument()
    {
        string full = Path.GetFullPath(path);
        if (CannotOpen(full) is { } problem)
        {
            string told = $"{path}: line 0: {problem}";
            return new CfReading(null, [new Diagnostic(Severity.Error, "", 0, told) { SendmailText = told, ExitStatus = (int)SysExit.OsFile }]) { Exit = SysExit.OsFile };
        }

        McResult? built = full.EndsWith(".mc", StringComparison.Ordinal) ? McCompiler.CompileFile(full, new McCompileOptions()) : null;
        if (built is { CfText: "" }) return new CfReading(null, [.. built.Diagnostics]) { Exit = SysExit.Configuration };
        string text = built?.CfText ?? File.ReadAllText(full, Encoding.Latin1);

        // The options of the command line are read by themselves first, so that a slip in them is not told as a line of the file (oracle 81).
        if (commandLine.Count > 0)
        {
            CfDocument options = CfDocument.Parse(string.Join('\n', commandLine) + "\n", "");
            Diagnostic[] slips = [.. options.Diagnostics.Where(static slip => slip.Severity == Severity.Error)];
            if (slips.Length > 0) return new CfReading(null, [.. slips.Select(static slip => slip with { File = "", Line = 0, Remedy = null })]) { Exit = (SysExit)slips[0].ExitStatus };
            text = text.TrimEnd('\n') + "\n" + string.Join('\n', commandLine) + "\n";
        }

        return new CfReading(CfDocument.Parse(text, path), [.. built?.Diagnostics ?? []]) { Built = built };
    }

    private static string? CannotOpen(string full)
    {
        try
        {
            if (FileStatus.Of(full) is { IsRegular: false }) return "not a plain file";
            using FileStream probe = File.OpenRead(full);
            return probe.Length > MaxOctets ? string.Create(CultureInfo.InvariantCulture, $"longer than {MaxOctets} octets") : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "cannot open: No such file or directory";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is UnauthorizedAccessException ? "cannot open: Permission denied" : "cannot open: " + e.Message;
        }
    }

    // sendmail misses the queue's directory when it goes there: after everything else, and with a status of its own.
    private static SendmailVoice Voice(Diagnostic[] found)
    {
        SendmailVoice voice = SendmailVoice.Of(found);
        bool hasNoQueue = Array.Exists(found, static one => one.SendmailText == NoQueueDirectory);
        return hasNoQueue && voice.ExitStatus != (int)SysExit.Usage ? voice with { ExitStatus = (int)SysExit.Configuration } : voice;
    }

    /// <summary>Of a .mc sendmail has nothing to say: what is wrong is told where it is.</summary>
    private static SendmailVoice AsFound(IEnumerable<Diagnostic> found)
    {
        Diagnostic[] errors = [.. found.Where(static one => one.Severity == Severity.Error)];
        return new SendmailVoice(Text(errors), errors.Length == 0 ? 0 : (int)SysExit.Configuration);
    }

    private static ImmutableArray<string> Text(IEnumerable<Diagnostic> found) => [.. found.Select(static one => one.ToString())];
}
