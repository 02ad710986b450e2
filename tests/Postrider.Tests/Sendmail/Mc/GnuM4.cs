using System.Diagnostics;
using System.Text;

namespace Postrider.Tests.Sendmail.Mc;

/// <summary>The machine's GNU m4, against which ours is measured.</summary>
internal static class GnuM4
{
    internal const string Path = "/usr/bin/m4";

    internal static bool IsHere { get; } = File.Exists(Path);

    internal static (string Output, string Errors, int Status) Run(string directory, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path)
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.Latin1,
            StandardErrorEncoding = Encoding.Latin1,
        };
        foreach (string argument in arguments) { start.ArgumentList.Add(argument); }
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, errors.GetAwaiter().GetResult(), process.ExitCode);
    }
}
