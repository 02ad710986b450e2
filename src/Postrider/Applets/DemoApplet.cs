using Postrider.Cli.Options;
using Postrider.Cli.Quickstart;
using Postrider.Mta.Hosting;

namespace Postrider.Cli.Applets;

/// <summary>
/// <c>make demo</c>: (1) a fresh site, (2) its daemon, (3) one message to itself over STARTTLS and AUTH, (4) the delivered message, (5) a stranger refused, (6) the
/// end. 0 when every step went as it should; bounded in time.
/// </summary>
internal static class DemoApplet
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        LongOptions options = LongOptions.Parse(context.Arguments, "postrider demo [--dir DIR]", ["--dir"], []);
        string directory = Path.Combine(await DemoSite.RootAsync(options["--dir"] ?? "var", context.Output.WriteLine), "demo"); // make run wants the same root afterwards
        Clear(directory);
        DemoSite site = await DemoSite.PrepareAsync(directory, QuickstartPorts.Free(), context.Time, context.Output.WriteLine);
        using CancellationTokenSource bound = new(Bound, context.Time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        using CancellationTokenSource stop = new();
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        DaemonOptions daemon = new() { LogTag = "postrider", UsesSyslog = false, Ready = ready.SetResult };
        using MailDaemon server = new(new FileSiteSource(site.ConfigurationFile, []), daemon, context.Time);
        Task<SysExit> running = server.RunAsync(stop.Token);
        try
        {
            if (await Task.WhenAny(running, ready.Task) == running) return await running; // it says itself why it could not start
            await new DemoRun(context, site).RunAsync(linked.Token);
        }
        catch (DemoFailedException e)
        {
            await context.Error.WriteLineAsync("demo: " + e.Message);
            return SysExit.Software;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException)
        {
            await context.Error.WriteLineAsync("demo: " + e.Message);
            return SysExit.Software;
        }
        catch (OperationCanceledException)
        {
            await context.Error.WriteLineAsync($"demo: not done within {Bound.TotalSeconds:0} seconds");
            return SysExit.TemporaryFailure;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(30), context.Time, CancellationToken.None));
        }

        SysExit ended = await running;
        await context.Output.WriteLineAsync(ended == SysExit.Ok ? "\ndemo: done" : $"demo: the daemon ended with {(int)ended}");
        return ended;
    }

    /// <summary>What an earlier demo left, also where the directory is a link (see <see cref="DemoSite"/>).</summary>
    private static void Clear(string directory)
    {
        DirectoryInfo left = new(directory);
        if (left.LinkTarget is not null && left.ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo { Exists: true } target) target.Delete(recursive: true);
        if (left.LinkTarget is not null) File.Delete(directory);
        else if (left.Exists) left.Delete(recursive: true);
    }
}
