namespace Postrider.Mail.Dsn;

/// <summary>What a delivery report is about, most serious first: it decides Subject and Auto-Submitted (sendmail 8.17, oracle 50, 51).</summary>
public enum ReportKind
{
    /// <summary>At least one recipient failed.</summary>
    Failure,

    /// <summary>Nothing failed yet; at least one recipient is late (Timeout.queuewarn).</summary>
    Delay,

    /// <summary>Only what was asked for by NOTIFY=SUCCESS.</summary>
    Success,

    /// <summary>For the postmaster: a failure whose originator is the null reverse-path (a double bounce).</summary>
    Postmaster,
}
