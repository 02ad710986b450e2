using System.Text;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;
using Postrider.Sendmail;
using Postrider.Sendmail.Mc;

namespace Postrider.Cli.Applets;

/// <summary><c>postrider build sendmail.mc</c>: prints the <c>sendmail.cf</c> that the file means; every finding on standard error, 78 when one is an error.</summary>
internal static class BuildApplet
{
    private const string Usage = "postrider build [--library=builtin|installed|DIR] [-D NAME=VALUE] [-o FILE] FILE.mc";

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        LongOptions options = LongOptions.Parse(context.Arguments, Usage, ["--library", "-o", "-D"], []);
        if (options.Operands is not [{ } file]) throw new UsageException("usage: " + Usage);
        McResult result = McCompiler.CompileFile(file, new McCompileOptions { Library = LibraryOf(options["--library"]), Defines = DefinesOf(options["-D"]) });
        foreach (Diagnostic diagnostic in result.Diagnostics) await context.Error.WriteLineAsync(diagnostic.ToString());
        if (!result.Succeeded) return SysExit.Configuration;
        if (options["-o"] is not { } target)
        {
            // One char per octet in the compiler; the file is octets.
            await context.Output.WriteAsync(result.CfText);
            return SysExit.Ok;
        }

        string temporary = target + ".new";
        await File.WriteAllTextAsync(temporary, result.CfText, Encoding.Latin1, cancellationToken);
        File.Move(temporary, target, overwrite: true); // a daemon that reloads now sees the old file or the new one, never half of one
        return SysExit.Ok;
    }

    private static McLibrary LibraryOf(string? name) => name switch
    {
        null or "builtin" => McLibrary.Builtin,
        "installed" => McLibrary.Find() is { Directory: not null } found ? found : throw new UsageException("build: no sendmail-cf library is installed here", SysExit.NoInput),
        _ => McLibrary.Installed(name),
    };

    private static KeyValuePair<string, string?>[] DefinesOf(string? define)
    {
        if (define is null) return [];
        int equals = define.IndexOf('=', StringComparison.Ordinal);
        return [new(equals < 0 ? define : define[..equals], equals < 0 ? "" : define[(equals + 1)..])];
    }
}
