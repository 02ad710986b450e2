using System.Net;
using System.Net.Sockets;
using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting.Posix;
using Postrider.Queue;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Hosting;

/// <summary>Runs SMTP sessions on accepted sockets, each under the site that is current when it begins.</summary>
internal sealed class SessionServer(Func<RunningSite> site, IQueueStore store, int maxSessions, DaemonLog log, TimeProvider time) : IDisposable
{
    /// <summary>Name of the submission socket's listener, as <c>daemon=</c> in the log.</summary>
    private const string LocalName = "local";

    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource closing = new();

    public SessionTracking Tracking { get; } = new(maxSessions);

    public async Task ServeAsync(BoundListener listener, Socket socket)
    {
        IPEndPoint remote = (IPEndPoint)socket.RemoteEndPoint!;
        ListenerFacts facts = Site.FactsOf(listener.Configuration, (IPEndPoint?)socket.LocalEndPoint);
        SmtpSessionFacts session = new(store.NewId().Value, facts, remote, time.GetUtcNow());
        await RunAsync(site().Server, socket, session);
    }

    /// <summary>A session over the submission socket: the kernel says who it is.</summary>
    public async Task ServeLocalAsync(Socket socket)
    {
        SmtpSessionFacts session = new(store.NewId().Value, new ListenerFacts(LocalName, null), null, time.GetUtcNow()) { LocalUser = PeerCredentials.Of(socket).UserName };
        await RunAsync(site().LocalServer, socket, session);
    }

    /// <summary>Says 421 to every session, waits, then closes what is left.</summary>
    public async Task StopAsync(TimeSpan within)
    {
        await stopping.CancelAsync();
        if (await Tracking.EndedAsync(within, time)) return;
        log.Say("sessions that did not end are closed");
        await closing.CancelAsync();
        await Tracking.EndedAsync(within, time);
    }

    public void Dispose()
    {
        stopping.Dispose();
        closing.Dispose();
    }

    private async Task RunAsync(SmtpServer server, Socket socket, SmtpSessionFacts session)
    {
        await using NetworkStream stream = new(socket, ownsSocket: false);
        await using CancellationTokenRegistration close = closing.Token.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket);
        await server.RunAsync(stream, session, stopping.Token);
    }
}
