namespace Postrider.Mail.Dsn;

/// <summary>Action of one recipient (RFC 3464 §2.3.3), with the distinctions that sendmail writes as a comment (oracle 50).</summary>
public enum ReportAction
{
    /// <summary>failed</summary>
    Failed,

    /// <summary>delayed</summary>
    Delayed,

    /// <summary>delivered (to mailbox)</summary>
    DeliveredToMailbox,

    /// <summary>delivered (to mailing list)</summary>
    DeliveredToList,

    /// <summary>relayed (to non-DSN-aware mailer)</summary>
    Relayed,

    /// <summary>expanded (to multi-recipient alias), RFC 3461 §5.2.7.3</summary>
    Expanded,
}
