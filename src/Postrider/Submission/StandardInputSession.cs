using System.Net.Sockets;
using Postrider.Mta.Hosting;

namespace Postrider.Cli.Submission;

/// <summary><c>sendmail -bs</c>: SMTP on standard input and output. With the daemon up its submission socket answers; with it down a session of our own does, which commits to the drop directory.</summary>
internal static class StandardInputSession
{
    public static async Task<SysExit> RunAsync(AppletContext context, LoadedSite site, CancellationToken cancellationToken)
    {
        using Stream output = Console.OpenStandardOutput();
        Socket socket;
        try
        {
            socket = await UnixSockets.ConnectAsync(site.Paths.SubmitSocket, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            return await DropSession.RunAsync(context, site, output, cancellationToken);
        }

        return await RelayAsync(context.Input, output, socket, cancellationToken);
    }

    /// <summary>Octets both ways until the daemon has ended the session; whatever still comes on standard input then is nobody's.</summary>
    private static async Task<SysExit> RelayAsync(Stream input, Stream output, Socket socket, CancellationToken cancellationToken)
    {
        await using NetworkStream stream = new(socket, ownsSocket: false);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendAsync(input, socket, ended.Token);
        SysExit exit = SysExit.Ok;
        try
        {
            await stream.CopyToAsync(output, cancellationToken);
        }
        catch (IOException)
        {
            exit = SysExit.IoError;
        }

        await ended.CancelAsync();

        // A read from a terminal or pipe that nothing comes from does not hear the cancellation: it is left to the end of the process.
        await Task.WhenAny(sending, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None));
        return exit;
    }

    private static async Task SendAsync(Stream input, Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            byte[] block = new byte[16 * 1024];
            int read;
            while ((read = await input.ReadAsync(block, cancellationToken)) > 0) await socket.SendAsync(block.AsMemory(0, read), cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other direction tells how it ended.
        }
    }
}
