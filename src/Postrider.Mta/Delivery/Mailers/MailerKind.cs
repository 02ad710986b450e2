namespace Postrider.Mta.Delivery.Mailers;

/// <summary>Which agent delivers for a mailer. P= decides.</summary>
public enum MailerKind
{
    /// <summary>P= names a program.</summary>
    Program,

    /// <summary><c>[IPC]</c> or <c>[TCP]</c>: SMTP, or LMTP with flag z, over TCP or a Unix socket.</summary>
    Smtp,

    /// <summary><c>[FILE]</c>.</summary>
    File,

    /// <summary>Ours: <c>[MAILDIR]</c>.</summary>
    Maildir,

    /// <summary><c>*include*</c>: reads a list of addresses, delivers nothing.</summary>
    Include,
}
