namespace Postrider.Mta.Delivery;

/// <summary>The right to use one connection to one destination, until disposed.</summary>
internal sealed class ConnectionSlot(ConnectionCache cache, ConnectionCache.Destination destination) : IDisposable
{
    private bool isReleased;

    public SmtpConnection? TakeIdle() => cache.Take(destination);

    /// <summary>Hands a connection back: kept if it is good for another message, otherwise closed.</summary>
    public void GiveBack(SmtpConnection connection) => cache.Keep(destination, connection);

    public void Dispose()
    {
        if (isReleased) return;
        isReleased = true;
        cache.Release(destination);
    }
}
