namespace Postrider.Smtp.Client;

/// <summary>How a connection was lost.</summary>
public enum SmtpConnectionLoss
{
    /// <summary>Closed or reset by the peer or the network.</summary>
    Closed,

    /// <summary>The peer kept silent longer than the phase's timeout.</summary>
    TimedOut,

    /// <summary>What came is no reply, too long, or not the answer to what was asked.</summary>
    BadReply,

    /// <summary>Octets in clear followed the 220 of STARTTLS: somebody tries to inject replies.</summary>
    ReplyInjection,

    /// <summary>The TLS handshake failed, or the peer's proof in AUTH did.</summary>
    Security,
}
