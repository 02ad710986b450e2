using Postrider.Mail;

namespace Postrider.Mta.Policy;

/// <summary>What a check decided, with the chain of what led to it.</summary>
/// <param name="Reply">There exactly when <paramref name="Kind"/> is Reject; its own reasons are <paramref name="Reasons"/>.</param>
/// <param name="QuarantineReason">There exactly when <paramref name="Kind"/> is Quarantine.</param>
public sealed record Verdict(VerdictKind Kind, SmtpReply? Reply, string? QuarantineReason, ReasonChain Reasons)
{
    public static Verdict Accepted { get; } = new(VerdictKind.Accept, null, null, ReasonChain.None);

    public bool IsRejected => Kind == VerdictKind.Reject;
}
