namespace Postrider.Mail;

/// <summary>RET= of MAIL: what a failure notification returns of the content (RFC 3461 §4.3).</summary>
public enum DsnReturn
{
    /// <summary>Not said; ours to choose.</summary>
    Unspecified,
    Full,
    Headers,
}
