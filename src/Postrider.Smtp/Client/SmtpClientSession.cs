using System.Net.Sockets;
using Postrider.Mail;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Client;

/// <summary>One connection to one peer: opened once, then any number of mail transactions, then QUIT (RFC 5321 §3, RFC 2033).</summary>
/// <remarks>
/// Used by one task at a time. Never throws for what the peer says: refusals are values. <see cref="SmtpProtocolException"/> and cancellation mean that the connection
/// is lost; the session is then only good for being disposed. Owns the stream.
/// </remarks>
public sealed partial class SmtpClientSession : IAsyncDisposable
{
    private readonly SmtpClientSettings settings;
    private readonly string peerName;
    private readonly SmtpReplyReader reader;
    private readonly SmtpClientWriter writer;
    private readonly CancellationTokenSource life = new();
    private readonly ITimer phaseTimer;
    private Stream stream;
    private volatile bool timedOut;
    private volatile bool hurried;
    private bool isLost;

    /// <param name="transport">A connection on which nothing has been said yet.</param>
    /// <param name="peerName">The name the peer is expected under: for SNI, and for the certificate.</param>
    public SmtpClientSession(Stream transport, string peerName, SmtpClientSettings settings, TimeProvider time)
    {
        this.settings = settings;
        this.peerName = peerName;
        stream = transport;
        reader = new SmtpReplyReader(transport);
        writer = new SmtpClientWriter(transport);
        phaseTimer = time.CreateTimer(static state => ((SmtpClientSession)state!).OnTimeout(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What the peer offers; after STARTTLS only what it said under TLS (RFC 3207 §4.2).</summary>
    public SmtpExtensions Extensions { get; private set; } = SmtpExtensions.None;

    public bool IsLmtp => settings.IsLmtp;

    /// <summary>Null: in clear.</summary>
    public TlsFacts? Tls { get; private set; }

    /// <summary>Why the session is in clear although the peer offers STARTTLS; null otherwise.</summary>
    public SmtpReply? StartTlsRefusal { get; private set; }

    /// <summary>Mail transactions begun on this connection.</summary>
    public int Transactions { get; private set; }

    /// <summary>False once the connection is lost or the peer said 421: no further transaction.</summary>
    public bool IsUsable => !isLost && !IsClosing;

    /// <summary>The peer said 421: it is about to close (RFC 5321 §3.8).</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Says QUIT and waits for the answer and the end of the connection, not longer than <see cref="SmtpClientTimeouts.Quit"/>. Never throws.</summary>
    public async ValueTask QuitAsync(CancellationToken cancellationToken)
    {
        if (isLost) return;
        try
        {
            using CancellationTokenRegistration registration = Bind(cancellationToken);
            await CommandAsync("QUIT\r\n", SmtpClientPhase.Quit, cancellationToken);
        }
        catch (Exception e) when (e is SmtpProtocolException or OperationCanceledException)
        {
            // The mail is where it belongs; how the goodbye went changes nothing.
        }
        finally
        {
            isLost = true;
        }
    }

    /// <summary>Closes without a word: what the peer has not acknowledged, it must not keep.</summary>
    public async ValueTask DisposeAsync()
    {
        isLost = true;
        await phaseTimer.DisposeAsync();
        try
        {
            await stream.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // A TLS layer says goodbye when disposed; the peer may be gone.
        }

        reader.Dispose();
        writer.Dispose();
        life.Dispose();
    }

    private void OnTimeout()
    {
        timedOut = true;
        try
        {
            life.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Disposed while the timer fired.
        }
    }

    /// <summary>Lets the caller's cancellation end the session, for the time of one call.</summary>
    private CancellationTokenRegistration Bind(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), life);

    private async ValueTask<SmtpReply> CommandAsync(string command, SmtpClientPhase phase, CancellationToken cancellationToken)
    {
        writer.Append(command);
        await FlushAsync(phase, cancellationToken);
        return await ReplyAsync(phase, cancellationToken);
    }

    private async ValueTask<SmtpReply> ReplyAsync(SmtpClientPhase phase, CancellationToken cancellationToken)
    {
        phaseTimer.Change(hurried ? LateCancellation : settings.Timeouts.For(phase), Timeout.InfiniteTimeSpan);
        try
        {
            SmtpReply reply = await reader.ReadAsync(Extensions.EnhancedStatusCodes, phase, life.Token);
            if (reply.Code == 421) IsClosing = true;
            return reply;
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e, phase, cancellationToken);
        }
        finally
        {
            phaseTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private async ValueTask FlushAsync(SmtpClientPhase phase, CancellationToken cancellationToken)
    {
        phaseTimer.Change(settings.Timeouts.For(phase), Timeout.InfiniteTimeSpan);
        try
        {
            await writer.FlushAsync(life.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e, phase, cancellationToken);
        }
        finally
        {
            phaseTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private static bool IsLoss(Exception e) => e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or SmtpProtocolException;

    private Exception Lost(Exception e, SmtpClientPhase phase, CancellationToken cancellationToken)
    {
        isLost = true;
        return e switch
        {
            SmtpProtocolException lost => lost,
            _ when timedOut => new SmtpProtocolException(SmtpConnectionLoss.TimedOut, phase, "the peer kept silent", e),
            OperationCanceledException when cancellationToken.IsCancellationRequested => new OperationCanceledException(e.Message, e, cancellationToken),
            _ => new SmtpProtocolException(SmtpConnectionLoss.Closed, phase, e.Message, e),
        };
    }
}
