using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Postrider.Mta.Dns;
using Postrider.Smtp.Client;

namespace Postrider.Mta.Delivery;

/// <summary>Opens connections: address by address until one answers, then greeting, EHLO, STARTTLS and AUTH. Thread-safe.</summary>
internal sealed class SmtpConnector(SmtpDeliverySettings settings, MailHostResolver hosts, TimeProvider time, ILogger logger)
{
    /// <summary>Most addresses tried of one host. Ours.</summary>
    private const int MaxAddresses = 8;

    /// <summary>A connection that is ready, or why there is none.</summary>
    public async ValueTask<(SmtpConnection? Connection, HostFailure? Failure)> OpenAsync(MailHost host, string queueId, CancellationToken cancellationToken)
    {
        DnsAnswer found = await hosts.AddressesAsync(host, cancellationToken);
        if (found.Addresses.IsEmpty) return (null, HostFailure.NoAddress(host, found.Status));
        HostFailure? failure = null;
        foreach (IPAddress address in found.Addresses.Take(MaxAddresses))
        {
            (Socket? socket, SocketError error) = await ConnectAsync(new IPEndPoint(address, host.Port), cancellationToken);
            if (socket is null)
            {
                failure = HostFailure.NotConnected(host, address, error);
                continue;
            }

            SmtpClientSession session = new(new NetworkStream(socket, ownsSocket: true), host.LookupName, ClientFor(host, address), time);
            SmtpConnection connection = new(session, host, address);
            try
            {
                SmtpOpening opening = await session.OpenAsync(cancellationToken);
                LogSecurity(connection, queueId);
                if (opening.IsReady) return (connection, null);
                failure = HostFailure.Refused(host, address, opening.Refusal!, opening.Phase);
                _ = EndAsync(session);
            }
            catch (SmtpProtocolException e)
            {
                await session.DisposeAsync();
                if (e.Loss == SmtpConnectionLoss.TimedOut) logger.PeerSilent(queueId, host.Display, e.Phase.ToString().ToLowerInvariant());
                failure = HostFailure.Lost(host, address, e);
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
        }

        return (null, failure);
    }

    private SmtpClientSettings ClientFor(MailHost host, IPAddress address) =>
        settings.Policy?.Invoke(host.LookupName, address) is { } policy ? settings.Client with { Policy = policy } : settings.Client;

    private static async Task EndAsync(SmtpClientSession session)
    {
        // QuitAsync is bounded by Timeout.quit and throws nothing; nobody waits for a goodbye after a refusal.
        await session.QuitAsync(CancellationToken.None);
        await session.DisposeAsync();
    }

    private async ValueTask<(Socket? Socket, SocketError Error)> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        Socket socket = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource patience = new(settings.Connect, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(target, either.Token);
            return (socket, SocketError.Success);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            return (null, SocketError.TimedOut);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return (null, e.SocketErrorCode);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void LogSecurity(SmtpConnection connection, string queueId)
    {
        if (connection.Session.Tls is { } tls)
            logger.TlsStarted(connection.Host.Display, tls.Version, tls.Verify, tls.Cipher, tls.CipherBits, tls.AlgorithmBits);
        else if (connection.Session.StartTlsRefusal is { } refusal) logger.TlsRefused(queueId, connection.Host.Display, refusal.ToString());
        if (connection.Session.AuthenticatedBy is { } mechanism) logger.Authenticated(connection.Host.Display, mechanism);
        else if (connection.Session.AuthRefusal is { } refused) logger.AuthenticationFailed(queueId, connection.Host.Display, refused.ToString());
    }
}
