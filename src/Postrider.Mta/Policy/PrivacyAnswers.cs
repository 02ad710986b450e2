using Postrider.Mail;

namespace Postrider.Mta.Policy;

/// <summary>What PrivacyOptions make of VRFY, EXPN and ETRN. Texts of sendmail 8.17 (oracle 03).</summary>
internal static class PrivacyAnswers
{
    private static readonly ReasonChain Reasons = ReasonChain.Of(ReasonKind.Configuration, "PrivacyOptions");

    public static RulesetResult Allowed { get; } = RulesetResult.Plain("", ReasonChain.None);

    public static RulesetResult Introduce { get; } = RulesetResult.Error("5.0.0", "503 I demand that you introduce yourself first", Reasons);

    public static RulesetResult NotAllowed { get; } = RulesetResult.Error("5.7.0", "502 Sorry, we do not allow this operation", Reasons);
}
