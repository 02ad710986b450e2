namespace Postrider.Smtp.Server;

/// <summary>Where a session stands, as far as the order of commands goes.</summary>
internal enum SmtpState
{
    /// <summary>No HELO or EHLO since the start, or since TLS came up.</summary>
    Fresh,

    /// <summary>Greeted, no mail transaction.</summary>
    Greeted,

    /// <summary>MAIL accepted, no recipient yet.</summary>
    Open,

    /// <summary>MAIL and at least one RCPT accepted.</summary>
    Addressed,
}
