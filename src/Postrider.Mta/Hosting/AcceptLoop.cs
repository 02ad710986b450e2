using System.Net.Sockets;

namespace Postrider.Mta.Hosting;

/// <summary>Takes connections off one listening socket and gives each to a task of its own.</summary>
/// <remarks>
/// When every slot is taken it stops accepting and the kernel's backlog holds what comes, as sendmail does at MaxDaemonChildren. Accepting goes on at once
/// after each connection, so a burst is taken in one go.
/// </remarks>
/// <param name="slots">Shared by all loops that count towards MaxSessions; null: no limit.</param>
/// <param name="serve">Owns the socket; must not throw for what the peer does.</param>
/// <param name="log">One line for the operator.</param>
internal sealed class AcceptLoop(Socket listener, SemaphoreSlim? slots, Func<Socket, Task> serve, Action<string> log, TimeProvider time)
{
    /// <summary>Pause after the kernel refused: usually too many open files, which passes when sessions end.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private int active;

    public int Active => Volatile.Read(ref active);

    /// <summary>Until cancelled. Sessions that are under way go on; <paramref name="started"/> sees each of their tasks.</summary>
    public async Task RunAsync(Action<Task> started, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (slots is not null) await slots.WaitAsync(cancellationToken);
                Socket? socket = await AcceptAsync(cancellationToken);
                if (socket is not null) started(ServeAsync(socket));
                else slots?.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async ValueTask<Socket?> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await listener.AcceptAsync(cancellationToken);
        }
        catch (SocketException e)
        {
            log($"accept: {e.Message}");
            await Task.Delay(Pause, time, cancellationToken);
            return null;
        }
        catch (ObjectDisposedException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        Interlocked.Increment(ref active);
        try
        {
            // Two small writes and a wait would cost 40 ms each time (Nagle against delayed acknowledgement).
            if (socket.ProtocolType == ProtocolType.Tcp) socket.NoDelay = true;
            await serve(socket);
        }
        catch (Exception e)
        {
            // The outermost handler of a session: one session's failure never ends the daemon.
            if (e is not (SocketException or IOException or OperationCanceledException)) log($"session: {e}");
        }
        finally
        {
            socket.Dispose();
            Interlocked.Decrement(ref active);
            slots?.Release();
        }
    }
}
