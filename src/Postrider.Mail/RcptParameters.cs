namespace Postrider.Mail;

/// <summary>The ESMTP parameters of RCPT. All absent by default.</summary>
public sealed record RcptParameters
{
    public static RcptParameters None { get; } = new();

    /// <summary>The path as the peer wrote it, brackets and source route included: what sendmail repeats in its replies (oracle 10). Null: the address in angle brackets.</summary>
    public string? PathAsWritten { get; init; }

    public DsnNotify Notify { get; init; }

    public OriginalRecipient? OriginalRecipient { get; init; }
}
