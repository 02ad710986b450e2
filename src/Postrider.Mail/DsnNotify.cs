namespace Postrider.Mail;

/// <summary>NOTIFY= of RCPT (RFC 3461 §4.1). <see cref="Unspecified"/>: as if FAILURE, and DELAY at our choice (RFC 3461 §5.2.x).</summary>
[Flags]
public enum DsnNotify
{
    Unspecified = 0,

    /// <summary>No notification under any condition; stands alone.</summary>
    Never = 1,
    Success = 2,
    Failure = 4,
    Delay = 8,
}
