using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Postrider.Mta.Maps;

/// <summary>Connections to one source, each lent to one look-up at a time and kept for the next. Thread-safe. Connections of a pool that nobody knows any more are closed by their finalisers.</summary>
/// <param name="connect">Makes one. Bounded in time by its token alone.</param>
/// <param name="most">Connections at once; who comes later waits.</param>
internal sealed class ConnectionPool<TConnection>(Func<CancellationToken, ValueTask<TConnection>> connect, int most)
    where TConnection : class, IDisposable
{
    private readonly ConcurrentStack<TConnection> idle = new();

    /// <summary>Never asked for its wait handle, so there is nothing to dispose.</summary>
    private SemaphoreSlim Slots { get; } = new(most, most);

    /// <summary>Asks over a connection that is kept if the question ends well. One that was idle and turns out to be closed is replaced: a source may close what nobody uses.</summary>
    /// <exception cref="IOException">The source cannot be reached, or ended the connection before it answered.</exception>
    /// <exception cref="SocketException">As <see cref="IOException"/>.</exception>
    public async ValueTask<TResult> UseAsync<TResult>(Func<TConnection, CancellationToken, ValueTask<TResult>> ask, CancellationToken cancellationToken)
    {
        await Slots.WaitAsync(cancellationToken);
        try
        {
            while (idle.TryPop(out TConnection? kept))
            {
                try
                {
                    return await AskAsync(kept, ask, cancellationToken);
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    // Closed while it was idle, or broken now: the next one, and at last a fresh one, will show.
                }
            }

            return await AskAsync(await connect(cancellationToken), ask, cancellationToken);
        }
        finally
        {
            Slots.Release();
        }
    }

    private async ValueTask<TResult> AskAsync<TResult>(TConnection connection, Func<TConnection, CancellationToken, ValueTask<TResult>> ask, CancellationToken cancellationToken)
    {
        bool isSound = false;
        try
        {
            TResult result = await ask(connection, cancellationToken);
            isSound = true;
            return result;
        }
        finally
        {
            if (isSound) idle.Push(connection);
            else connection.Dispose();
        }
    }
}
