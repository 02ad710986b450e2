using System.Diagnostics;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Logging;

namespace Postrider.Cli.Applets;

/// <summary>
/// <c>sendmail -bd</c>: the daemon runs in the background and the command ends when it accepts, so that a script that goes on finds it there. A managed process
/// cannot fork; the same program is started again in a session of its own and says on its standard output when it is ready.
/// </summary>
internal static class BackgroundStart
{
    /// <summary>Marks the second process; no option, so that no user's command line can mean it.</summary>
    private const string Marker = "POSTRIDER_BACKGROUND";
    private const string ReadyLine = "ready";

    public static Task<SysExit> RunAsync(AppletContext context, SendmailOptions options, CancellationToken cancellationToken) =>
        Environment.GetEnvironmentVariable(Marker) == "1" ? BecomeDaemonAsync(context, options, cancellationToken) : StartAsync(context, cancellationToken);

    private static Task<SysExit> BecomeDaemonAsync(AppletContext context, SendmailOptions options, CancellationToken cancellationToken)
    {
        Environment.SetEnvironmentVariable(Marker, null);
        DaemonSession.Begin();
        return SendmailApplet.RunDaemonAsync(
            context,
            options,
            acceptsSessions: true,
            ready: () =>
            {
                context.Output.WriteLine(ReadyLine);
                DaemonSession.LetGoOfOutput(andError: File.Exists(SyslogSink.DefaultPath));
            },
            cancellationToken);
    }

    private static async Task<SysExit> StartAsync(AppletContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> own = OwnProgram.Command ?? throw new UsageException($"{context.Name}: cannot find this program's own file", SysExit.OsError);
        ProcessStartInfo start = new(own[0], [.. own.Skip(1), context.Name, .. context.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,

            // Who reads ours to its end must not wait for the daemon's; but without a syslog that is where it says what it does.
            RedirectStandardError = SyslogSink.IsThere,
        };
        start.Environment[Marker] = "1";
        using Process daemon = Process.Start(start) ?? throw new UsageException($"{context.Name}: cannot start {own[0]}", SysExit.OsError);
        daemon.StandardInput.Close();
        Task complaints = start.RedirectStandardError ? daemon.StandardError.BaseStream.CopyToAsync(Console.OpenStandardError(), cancellationToken) : Task.CompletedTask;
        if (await daemon.StandardOutput.ReadLineAsync(cancellationToken) == ReadyLine) return SysExit.Ok;
        await daemon.WaitForExitAsync(cancellationToken);
        await complaints;
        return (SysExit)daemon.ExitCode;
    }
}
