using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Configuration;

/// <summary>Runs the program of an <c>F|</c> line: by its whole path, with an argument vector and no shell, with an environment of our choice, as somebody who is not root.</summary>
/// <remarks>sendmail 8.17, asked: no shell either, arguments are cut at blanks, it runs as the default user in <c>/tmp</c> with the <c>E</c> lines and <c>AGENT=sendmail</c>.</remarks>
internal static class ClassProgram
{
    public static ClassProgramOutput Run(string[] vector, ClassFileSettings settings)
    {
        if (!Path.IsPathRooted(vector[0])) return Failed("No such file or directory");
        if (FileStatus.Of(vector[0]) is not { } status) return Failed("No such file or directory");
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (!status.IsRegular || (status.Mode & Execute) == 0) return Failed("Permission denied");
        bool isRoot = FileStatus.EffectiveUser == 0;
        if (isRoot && settings.ProgramUser is null) return Failed("there is no user to run it as");
        ProcessStartInfo start = new(vector[0], vector[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        if (isRoot) start.UserName = settings.ProgramUser;
        start.Environment.Clear();
        start.Environment["AGENT"] = "sendmail";
        foreach ((string name, string value) in settings.Environment) start.Environment[name] = value;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return Failed(e.Message);
        }

        using (process)
        {
            process.StandardInput.Close();
            MemoryStream output = new();
            Task<bool> reading = Task.Run(() => Read(process.StandardOutput.BaseStream, output, settings.MaxOctets));
            long begun = Stopwatch.GetTimestamp();
            bool hasRead = reading.Wait(settings.Patience);
            TimeSpan left = settings.Patience - Stopwatch.GetElapsedTime(begun);
            bool hasEnded = hasRead && reading.Result && process.WaitForExit(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            if (!hasEnded) process.Kill(entireProcessTree: true);
            if (!hasRead || (!hasEnded && reading.Result)) return Failed(string.Create(CultureInfo.InvariantCulture, $"no end within {settings.Patience.TotalSeconds} seconds"));
            return hasEnded
                ? new ClassProgramOutput(Encoding.Latin1.GetString(output.GetBuffer(), 0, (int)output.Length)) { ExitCode = process.ExitCode }
                : new ClassProgramOutput("") { IsTooLong = true };
        }
    }

    private static ClassProgramOutput Failed(string problem) => new("") { Problem = problem };

    /// <summary>False when there is more than is read.</summary>
    private static bool Read(Stream stream, MemoryStream output, int limit)
    {
        byte[] buffer = new byte[16 << 10];
        try
        {
            for (int octets; (octets = stream.Read(buffer)) > 0; output.Write(buffer, 0, octets))
            {
                if (output.Length + octets > limit) return false;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Ended while we read, by us: what it had said is not used.
        }

        return true;
    }
}
