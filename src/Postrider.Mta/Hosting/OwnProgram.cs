using System.Diagnostics;

namespace Postrider.Mta.Hosting;

/// <summary>How this program starts itself again: a managed process cannot fork.</summary>
public static class OwnProgram
{
    /// <summary>File and first arguments; the applet's name comes next. Null: this process does not know its file.</summary>
    public static IReadOnlyList<string>? Command => Environment.ProcessPath is not { } program ? null
        : Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];

    /// <summary>How to start an applet that may be root: without the runtime's diagnostic socket, with standard input and output for us.</summary>
    internal static ProcessStartInfo Start(IReadOnlyList<string> command, string applet, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(command[0], [.. command.Skip(1), applet, .. arguments]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return start;
    }
}
