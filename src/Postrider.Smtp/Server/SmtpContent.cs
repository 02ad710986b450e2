namespace Postrider.Smtp.Server;

/// <summary>
/// The content of one message as it arrives: dots removed, up to and without the end mark; lines end in CRLF and nothing else does.
/// Slices of the transport's own buffers, so nothing is copied and nothing is allocated per line.
/// </summary>
public abstract class SmtpContent
{
    /// <summary>Octets given out so far.</summary>
    public abstract long Octets { get; }

    /// <summary>The next slice, valid until the next call; empty at the end of the message, never before.</summary>
    /// <exception cref="SmtpContentException">The content must not be accepted: smuggling bytes, size, lost connection. Nothing more can be read.</exception>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);
}
