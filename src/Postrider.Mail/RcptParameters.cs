namespace Postrider.Mail;

/// <summary>The ESMTP parameters of RCPT. All absent by default.</summary>
public sealed record RcptParameters
{
    public static RcptParameters None { get; } = new();

    public DsnNotify Notify { get; init; }

    public OriginalRecipient? OriginalRecipient { get; init; }
}
