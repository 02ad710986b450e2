namespace Postrider.Mta.Hosting;

/// <summary>How this program starts itself again: a managed process cannot fork.</summary>
public static class OwnProgram
{
    /// <summary>File and first arguments; the applet's name comes next. Null: this process does not know its file.</summary>
    public static IReadOnlyList<string>? Command => Environment.ProcessPath is not { } program ? null
        : Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];
}
