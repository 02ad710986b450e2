namespace Postrider.Smtp.Client;

/// <summary>What the sending side waits for. Each has its own timeout, under sendmail's name for it (<c>O Timeout.*</c>).</summary>
public enum SmtpClientPhase
{
    /// <summary>The greeting: <c>Timeout.initial</c>.</summary>
    Greeting,

    /// <summary>EHLO, HELO and LHLO: <c>Timeout.helo</c>.</summary>
    Helo,

    /// <summary><c>Timeout.starttls</c>, the handshake included.</summary>
    StartTls,

    /// <summary><c>Timeout.auth</c>, for each step.</summary>
    Auth,

    /// <summary><c>Timeout.rset</c>.</summary>
    Rset,

    /// <summary><c>Timeout.mail</c>.</summary>
    Mail,

    /// <summary><c>Timeout.rcpt</c>.</summary>
    Rcpt,

    /// <summary>The 354: <c>Timeout.datainit</c>.</summary>
    Data,

    /// <summary>Each block of content that the peer must take: <c>Timeout.datablock</c>.</summary>
    Content,

    /// <summary>The reply to the final dot: <c>Timeout.datafinal</c>.</summary>
    ContentEnd,

    /// <summary><c>Timeout.quit</c>.</summary>
    Quit,
}
