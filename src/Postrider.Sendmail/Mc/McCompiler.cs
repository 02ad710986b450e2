using System.Text;
using System.Text.RegularExpressions;
using Postrider.Sendmail.Mc.Library;

namespace Postrider.Sendmail.Mc;

/// <summary>Compiles <c>sendmail.mc</c> to <c>sendmail.cf</c>: our m4 engine with our own library or with the site's sendmail-cf.</summary>
public static partial class McCompiler
{
    [GeneratedRegex(@"include\(`?[^')\n]*cf\.m4'?\)", RegexOptions.NonBacktracking)]
    private static partial Regex IncludesLibrary { get; }

    /// <summary>Compiles a file of the machine. A missing or unreadable file is a diagnostic.</summary>
    public static McResult CompileFile(string path, McCompileOptions options)
    {
        string text;
        try { text = File.ReadAllText(path, Encoding.Latin1); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new McResult("", [new Diagnostic(Severity.Error, path, 0, $"cannot open: {e.Message}")]);
        }
        string directory = options.BaseDirectory ?? Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return Compile(text, path, options with { BaseDirectory = directory });
    }

    /// <summary>Compiles a text (one char per octet).</summary>
    /// <param name="text">The <c>.mc</c>.</param>
    /// <param name="fileName">The name under which its lines are reported.</param>
    /// <param name="options">Library, defines, directories, limits.</param>
    public static McResult Compile(string text, string fileName, McCompileOptions options)
    {
        string baseDirectory = options.BaseDirectory ?? Environment.CurrentDirectory;
        return options.Library.Directory is { } installed
            ? WithInstalled(text, fileName, options, baseDirectory, installed)
            : WithBuiltin(text, fileName, options, baseDirectory);
    }

    private static McResult WithBuiltin(string text, string fileName, McCompileOptions options, string baseDirectory)
    {
        var engine = new M4Engine(new M4Settings
        {
            Files = new M4Disk(baseDirectory, options.IncludeDirectories),
            Defines = options.Defines,
            Limits = options.Limits,
        });
        var library = new McBuiltin(engine, fileName);
        M4Result result = engine.Run(new M4Source(fileName, text));
        return new McResult(library.CfText, result.Diagnostics);
    }

    private static McResult WithInstalled(string text, string fileName, McCompileOptions options, string baseDirectory, string directory)
    {
        string head = directory + "/m4/cf.m4";
        var disk = new M4Disk(baseDirectory, options.IncludeDirectories);
        if (disk.Open(head) is not { } cf)
        {
            return new McResult("", [new Diagnostic(Severity.Error, head, 0, "cannot open the library", "install sendmail-cf, or use --library=builtin")]);
        }
        bool first = options.LibraryFirst ?? !IncludesLibrary.IsMatch(text);
        var engine = new M4Engine(new M4Settings
        {
            Files = new Relocated(disk, directory),
            // The library finds its own files by this name; whoever runs m4 from another directory gives it, and a given one wins.
            Defines = [new("_CF_DIR_", directory + "/"), .. options.Defines],
            Limits = options.Limits,
            Command = command => Answer(command, options.Builder),
        });
        var source = new M4Source(fileName, text);
        M4Result result = first ? engine.Run(cf, source) : engine.Run(source);
        return new McResult(result.Text, result.Diagnostics);
    }

    /// <summary>The library's head asks a script of its own for builder, host, date and directory: the only command there is, and answered here.</summary>
    private static string? Answer(string command, (string User, string Host, string Date, string Directory)? builder)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || words[0] != "sh" || !words[1].EndsWith("/makeinfo.sh", StringComparison.Ordinal)) { return null; }
        if (builder is not { } known) { return ""; }
        string library = words.Length > 2 ? words[2] : "";
        return $"#####\t\tbuilt by {known.User}@{known.Host} on {known.Date}\n#####\t\tin {known.Directory}\n#####\t\tusing {library} as configuration include directory\n";
    }

    /// <summary>Serves the configured library, whatever path its <c>cf.m4</c> is included by (a file from another machine names that machine's).</summary>
    private sealed class Relocated(IM4Files files, string directory) : IM4Files
    {
        public M4Source? Open(string name)
        {
            if (files.Open(name) is { } found) { return found; }
            return name.EndsWith("/cf.m4", StringComparison.Ordinal) ? files.Open(directory + "/m4/cf.m4") : null;
        }
    }
}
