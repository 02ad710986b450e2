using System.Collections.Immutable;
using System.Text;
using Postrider.Mta.Configuration;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Mc;

namespace Postrider.Mta.Hosting;

/// <summary>A configuration from one file: a <c>.cf</c> as it is, a <c>.mc</c> compiled in memory by our own library; command line options count as further lines.</summary>
/// <param name="path">Names ending in <c>.mc</c> are compiled.</param>
/// <param name="commandLine">What -O, -o and -M said, as lines of a <c>.cf</c>.</param>
public sealed class FileSiteSource(string path, IReadOnlyList<string> commandLine) : ISiteSource
{
    /// <summary>Where sendmail looks without -C.</summary>
    public const string DefaultPath = "/etc/mail/sendmail.cf";

    public string Name => path;

    /// <summary>What the command line added, as lines of a cf.</summary>
    public IReadOnlyList<string> CommandLine => commandLine;

    public SiteReading Read()
    {
        CfReading reading = ReadDocument();
        if (reading.Document is not { } document) return new SiteReading(null, Text(reading.Found)) { Exit = reading.Exit };

        // What the macros say and what the binder says is told together: all mistakes in one run. What is there twice is told once, by the macro that was wrong.
        string full = Path.GetFullPath(path);
        List<Diagnostic> found = [.. reading.Found];
        SiteBinding binding = SiteBinder.Bind(document, BindingHost.Here(full));
        HashSet<(string, int, Severity)> told = [.. found.Where(static one => one.Line > 0).Select(static one => (one.File, one.Line, one.Severity))];
        found.AddRange(binding.Diagnostics.Select(one => reading.Built?.AtSource(one, full) ?? one)
            .Where(one => !told.Contains((one.File, one.Line, one.Severity)) && !told.Contains((one.File, one.Line, Severity.Error))));
        return binding.Configuration is null || reading.Built is { Succeeded: false }
            ? new SiteReading(null, Text(found)) { Exit = SysExit.Configuration }
            : new SiteReading(binding.Configuration, Text(found));
    }

    /// <summary>Reads the file as far as its lines; what they mean for a site is not looked at.</summary>
    public CfReading ReadDocument()
    {
        string full = Path.GetFullPath(path);
        if (CannotOpen(full) is { } problem) return new CfReading(null, [new Diagnostic(Severity.Error, "", 0, $"{path}: line 0: cannot open: {problem}")]) { Exit = SysExit.OsFile };
        McResult? built = full.EndsWith(".mc", StringComparison.Ordinal) ? McCompiler.CompileFile(full, new McCompileOptions()) : null;
        if (built is { CfText: "" }) return new CfReading(null, [.. built.Diagnostics]) { Exit = SysExit.Configuration };
        string text = built?.CfText ?? File.ReadAllText(full, Encoding.Latin1);

        // The options of the command line are read by themselves first, so that a slip in them is not told as a line of the file (oracle 81).
        if (commandLine.Count > 0)
        {
            CfDocument options = CfDocument.Parse(string.Join('\n', commandLine) + "\n", "");
            Diagnostic[] slips = [.. options.Diagnostics.Where(static slip => slip.Severity == Severity.Error)];
            if (slips.Length > 0) return new CfReading(null, [.. slips.Select(static slip => slip with { File = "", Line = 0, Remedy = null })]) { Exit = SysExit.Software };
            text = text.TrimEnd('\n') + "\n" + string.Join('\n', commandLine) + "\n";
        }

        return new CfReading(CfDocument.Parse(text, path), [.. built?.Diagnostics ?? []]) { Built = built };
    }

    private static string? CannotOpen(string full)
    {
        try
        {
            using FileStream probe = File.OpenRead(full);
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "No such file or directory";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is UnauthorizedAccessException ? "Permission denied" : e.Message;
        }
    }

    private static ImmutableArray<string> Text(IEnumerable<Diagnostic> found) => [.. found.Select(static one => one.ToString())];
}
