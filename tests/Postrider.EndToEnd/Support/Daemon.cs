using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace Postrider.EndToEnd.Support;

/// <summary>A long-running program under test: started, waited for, ended by its process id.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> log = new();

    private Daemon(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public string Log => string.Join('\n', log);

    public static async Task<Daemon> StartAsync(string program, IReadOnlyList<string> arguments, params int[] ports)
    {
        Daemon daemon = new(Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!);
        foreach (int port in ports)
        {
            if (await Patiently.UntilAsync(() => daemon.HasExited || Answers(port))) continue;
            await daemon.DisposeAsync();
            throw new TimeoutException($"{program}: port {port} does not answer\n{daemon.Log}");
        }

        if (daemon.HasExited) throw new InvalidOperationException($"{program} ended with {daemon.ExitCode}\n{daemon.Log}");
        return daemon;
    }

    public void Signal(string name) => Process.Start("kill", ["-" + name, Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!.WaitForExit();

    /// <summary>Waits for the process to end by itself.</summary>
    public Task<bool> EndsAsync() => Patiently.UntilAsync(() => process.HasExited);

    public void Kill()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Signal("TERM");
            if (!await EndsAsync()) Kill();
        }

        process.Dispose();
    }

    private static bool Answers(int port)
    {
        try
        {
            using TcpClient client = new("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        log.Enqueue(line);
        if (log.Count > 20_000) log.TryDequeue(out _);
    }
}
