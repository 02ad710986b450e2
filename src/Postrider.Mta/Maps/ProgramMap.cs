using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>program</c>: runs a program with the key as its last argument; the first line that it writes is the value. Thread-safe.</summary>
/// <remarks>
/// No shell is between: the arguments of the <c>K</c> line are its words, quotation marks and all, and the key is one argument whatever it holds. Its input is empty, its environment only
/// <c>AGENT=sendmail</c>. sendmail 8.17, measured: nothing written, or another exit status than 0, is not found; 75 is a temporary failure; the key is not folded.
/// Differs from sendmail: a program that cannot be started, is killed by a signal, takes too long or writes too much is a temporary failure.
/// </remarks>
internal sealed class ProgramMap(string name, IReadOnlyList<string> command, TimeSpan patience, MapFlags flags, MapServices services) : IMap
{
    /// <summary>How long a program may take when <c>-d</c> does not say it. Ours; sendmail waits for ever.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(60);

    private const int TemporaryFailure = 75;

    /// <summary>A program ended by a signal has 128 and the signal's number as its exit status.</summary>
    private const int FirstSignal = 128;

    /// <summary>Programs at once, of one map. Ours. Never asked for its wait handle, so there is nothing to dispose.</summary>
    private SemaphoreSlim Slots { get; } = new(16, 16);

    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (key.Contains('\0', StringComparison.Ordinal)) return MapResult.NotFound; // no argument can hold it
        if (key.StartsWith('-')) return TempFail("the key would become an option of the program");
        using CancellationTokenSource timeout = new(patience, services.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await Slots.WaitAsync(either.Token);
            try
            {
                return await RunAsync(key, arguments, either.Token);
            }
            finally
            {
                Slots.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TempFail(string.Create(CultureInfo.InvariantCulture, $"no end after {patience.TotalSeconds:0.#} seconds"));
        }
        catch (Win32Exception e)
        {
            return TempFail($"cannot exec: {(e.NativeErrorCode == 0 ? "it is a directory" : new Win32Exception(e.NativeErrorCode).Message)}");
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return TempFail(e.Message);
        }
    }

    private async Task<MapResult> RunAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(command[0], [.. command.Skip(1), key])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.Latin1,
            StandardErrorEncoding = System.Text.Encoding.Latin1,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["AGENT"] = "sendmail";
        using Process process = new() { StartInfo = start };
        process.Start();
        try
        {
            process.StandardInput.Close();
            Task<string> complaint = ReadAsync(process.StandardError, cancellationToken);
            string output = await ReadAsync(process.StandardOutput, cancellationToken);
            if (await complaint is { Length: > 0 } said) services.Problem($"program map {name}: {AnswerText.Clean(FirstLine(said))}");
            await process.WaitForExitAsync(cancellationToken);
            return Result(process.ExitCode, output, key, arguments);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private MapResult Result(int status, string output, string key, IReadOnlyList<string> arguments)
    {
        if (status == TemporaryFailure) return TempFail("it says to try again later");
        if (status > FirstSignal) return TempFail(string.Create(CultureInfo.InvariantCulture, $"died on signal {status - FirstSignal}"));
        return status == 0 && output.Length > 0 ? MapValue.Finish(flags, AnswerText.Clean(FirstLine(output)), key, arguments) : MapResult.NotFound with { ExitStatus = status };
    }

    private static string FirstLine(string output)
    {
        int end = output.IndexOf('\n', StringComparison.Ordinal);
        return (end < 0 ? output : output[..end]).TrimEnd('\r');
    }

    /// <summary>All that is written, so that the program never dies of a closed pipe; more than a value may be long ends it.</summary>
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        char[] buffer = new char[4096];
        System.Text.StringBuilder text = new();
        while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and int got)
        {
            if (text.Length + got > AnswerText.MaxLength) throw new InvalidDataException($"it writes more than {AnswerText.MaxLength} octets");
            text.Append(buffer, 0, got);
        }

        return text.ToString();
    }

    private MapResult TempFail(string reason) => MapResult.TempFail($"program map {name}: {command[0]}: {reason}");
}
