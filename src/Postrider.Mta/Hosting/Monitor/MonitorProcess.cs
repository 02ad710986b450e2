using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Configuration;
using Postrider.Mta.Delivery.Mailers;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>
/// The process that stays root when the daemon goes down to RunAsUser: it runs mailers' programs as the users they are for, opens maps' files that only root may read, and does nothing else. It reads the
/// configuration itself and hears only its channel; nothing of a message or from the network is looked at here.
/// </summary>
/// <remarks>The daemon starts it before it gives up its privileges, so it is the daemon's child and not its parent; it ends with the daemon, because the channel does.</remarks>
public static class MonitorProcess
{
    /// <summary>The applet's name.</summary>
    public const string Name = "monitor";

    /// <summary>Called as root.</summary>
    /// <exception cref="DaemonStartException">It cannot be started.</exception>
    internal static MonitorClient Start(IReadOnlyList<string> own, FileSiteSource source)
    {
        (MonitorChannel ours, SafeFileHandle theirs) = MonitorChannel.Pair();
        try
        {
            using (theirs)
            {
                MonitorChannel.SetInherited(theirs, isInherited: true);
                string descriptor = theirs.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
                // Its standard output is its own: whoever waits for the daemon's must not wait for the monitor's.
                ProcessStartInfo how = OwnProgram.Start(own, Name, [descriptor, Path.GetFullPath(source.Name), .. source.CommandLine]);
                using Process process = Process.Start(how) ?? throw new Win32Exception();
            }

            return new MonitorClient(ours);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            ours.Dispose();
            throw new DaemonStartException(SysExit.OsError, $"{own[0]} {Name} cannot be started: {e.Message}", e);
        }
    }

    /// <summary>The monitor's life: <c>monitor DESCRIPTOR FILE [LINE]...</c></summary>
    public static async Task<SysExit> RunAsync(IReadOnlyList<string> arguments, TimeProvider time)
    {
        if (arguments.Count < 2 || !int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor) || OwnProgram.Command is not { } own) return SysExit.Usage;

        // Whoever stops the daemon means the daemon: it may still have mail to hand over, and the channel tells when it has not.
        List<PosixSignalRegistration> ignored = [];
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            ignored.Add(PosixSignalRegistration.Create(signal, static context => context.Cancel = true));
        using MonitorChannel channel = MonitorChannel.Adopt(descriptor);
        FileSiteSource source = new(arguments[1], [.. arguments.Skip(2)]);
        MailerTable mailers = MailerTable.Empty;
        MonitorFiles files = MonitorFiles.None;
        if (Read() is { } problem) await Console.Error.WriteLineAsync($"{Name}: {problem}");
        using MailerLauncher launcher = new(() => mailers, own, time);
        await new MonitorServer(channel, launcher, Read, path => Volatile.Read(ref files).Open(path)).ServeAsync();
        foreach (PosixSignalRegistration one in ignored) one.Dispose();
        return SysExit.Ok;

        string? Read()
        {
            SiteReading reading = source.Read();
            if (reading.Configuration is not { } configuration) return string.Join("; ", reading.Diagnostics);
            Volatile.Write(ref mailers, MailerBinder.Table(configuration));
            Volatile.Write(ref files, MonitorFiles.Of(configuration));
            return null;
        }
    }
}
