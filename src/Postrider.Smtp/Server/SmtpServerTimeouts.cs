namespace Postrider.Smtp.Server;

/// <summary>How long the server waits for its peer. Names and defaults are those of sendmail's <c>Timeout.*</c> options (RFC 5321 §4.5.3.2 asks for at least five minutes).</summary>
public sealed record SmtpServerTimeouts
{
    /// <summary>Timeout.command: for a whole command line, from the moment the server begins to wait. Default 1 h.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Timeout.datablock: for the next octets of a message's content. Default 1 h.</summary>
    public TimeSpan DataBlock { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Timeout.starttls: for the handshake. Default 1 h.</summary>
    public TimeSpan StartTls { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Timeout.auth: for one response of an AUTH exchange. Default 10 min.</summary>
    public TimeSpan Auth { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For the whole content of one message, so that a peer that drips octets cannot hold a transaction for ever. Default 24 h; sendmail has no such limit.</summary>
    public TimeSpan Content { get; init; } = TimeSpan.FromHours(24);

    /// <summary>For the peer to take what is written to it. Default 1 h, as Timeout.command.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromHours(1);
}
