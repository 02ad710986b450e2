namespace Postrider.Smtp.Client;

/// <summary>How the sending side speaks. One record serves all sessions of a mailer.</summary>
public sealed record SmtpClientSettings
{
    /// <summary>The name in EHLO, HELO and LHLO: <c>$j</c>, or HeloName.</summary>
    public required string HeloName { get; init; }

    /// <summary>LMTP (RFC 2033): LHLO, and one reply per recipient after the content. sendmail's mailer flag z.</summary>
    public bool IsLmtp { get; init; }

    /// <summary>STARTTLS where it is offered; null: never.</summary>
    public ClientHandshake? StartTls { get; init; }

    /// <summary>AUTH where it is offered; null: never.</summary>
    public SmtpClientAuthentication? Authentication { get; init; }

    /// <summary>What the house wants of the connection; belongs to one session. Null: nothing.</summary>
    public ISmtpClientPolicy? Policy { get; init; }

    public SmtpClientTimeouts Timeouts { get; init; } = new();
}
