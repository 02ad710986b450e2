using Postrider.Smtp.Sasl;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Server;

/// <summary>One listener's side of SMTP: what all its sessions share. Immutable and thread-safe.</summary>
public sealed class SmtpServer(SmtpServerSettings settings, ISmtpHandlerFactory handlers, TimeProvider clock)
{
    public SmtpServerSettings Settings { get; } = settings;

    /// <summary>Null: no TLS at all.</summary>
    public IServerTls? Tls { get; init; }

    /// <summary>Null: no AUTH at all.</summary>
    public ISaslServer? Sasl { get; init; }

    /// <summary>Makes the trace of a session; null, or a null answer: none.</summary>
    public Func<SmtpSessionFacts, ISmtpTrace?>? Trace { get; init; }

    internal ISmtpHandlerFactory Handlers { get; } = handlers;

    internal TimeProvider Clock { get; } = clock;

    internal SmtpLaw Law { get; } = new(settings.Privacy);

    /// <summary>Serves one session over any stream: a socket, a Unix socket, standard input and output joined. Ends when the session has ended; the transport stays open and belongs to the caller.</summary>
    /// <param name="stop">Ends the session at the next wait, with a 421.</param>
    /// <remarks>Never throws for what a peer or a handler did; replies that can still be sent have been sent when it returns.</remarks>
    public async Task RunAsync(Stream transport, SmtpSessionFacts session, CancellationToken stop)
    {
        await using SmtpWire wire = new(transport, Clock, Settings.Timeouts.Write, stop);
        await new SmtpServerSession(this, session, wire).RunAsync(stop);
    }
}
