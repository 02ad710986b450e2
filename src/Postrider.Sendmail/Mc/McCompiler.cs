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
            return new McResult("", [new Diagnostic(Severity.Error, path, 0, $"cannot open: {Why(e)}")]);
        }
        string directory = options.BaseDirectory ?? Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return Compile(text, path, options with { BaseDirectory = directory });
    }

    private static string Why(Exception problem) => problem switch
    {
        FileNotFoundException or DirectoryNotFoundException => "No such file or directory",
        UnauthorizedAccessException => "Permission denied",
        _ => problem.Message,
    };

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
        return new McResult(library.CfText, result.Diagnostics) { Places = library.Places };
    }

    private static McResult WithInstalled(string text, string fileName, McCompileOptions options, string baseDirectory, string directory)
    {
        string head = directory + "/m4/cf.m4";
        var files = new McInstalledFiles(new M4Disk(baseDirectory, options.IncludeDirectories), directory, options.Builder);
        if (files.Open(head) is not { } cf)
        {
            return new McResult("", [new Diagnostic(Severity.Error, head, 0, "cannot open the library", "install sendmail-cf, or use --library=builtin")]);
        }
        bool first = options.LibraryFirst ?? !IncludesLibrary.IsMatch(text);
        var engine = new M4Engine(new M4Settings
        {
            Files = files,
            Defines = options.Defines,
            Limits = options.Limits,
            Command = files.Answer,
            TemporaryFile = McInstalledFiles.TemporaryFile,
        });
        var source = new M4Source(fileName, text);
        M4Result result = first ? engine.Run(cf, source) : engine.Run(source);
        return new McResult(result.Text, result.Diagnostics);
    }
}
