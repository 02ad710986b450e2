using System.Diagnostics;

namespace Postrider.EndToEnd.Support;

/// <summary>One run of an outside program, bounded in time.</summary>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    public static bool Exists(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? File.Exists(program)
            : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>Skips the calling test, by name, when a component is not installed (CI counts skips as failure).</summary>
    public static void Require(params string[] programs)
    {
        foreach (string program in programs) Assert.SkipUnless(Exists(program), $"{program} is not installed (eng/setup.sh installs it)");
    }

    public static Task<Command> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, "", TimeSpan.FromSeconds(120));

    public static async Task<Command> RunAsync(string program, IReadOnlyList<string> arguments, string input, TimeSpan limit, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        using CancellationTokenSource bound = new(limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(bound.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(bound.Token);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), bound.Token);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended before it read its input; its exit code tells.
        }

        try
        {
            await process.WaitForExitAsync(bound.Token);
            return new Command(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {limit}", late);
        }
    }

    public Command MustSucceed() => ExitCode == 0 ? this : throw new InvalidOperationException($"exit {ExitCode}\n{Output}\n{Error}");

    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";
}
