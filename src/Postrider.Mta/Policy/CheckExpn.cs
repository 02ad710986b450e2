using Postrider.Mta.Configuration;

namespace Postrider.Mta.Policy;

/// <summary>Native check_expn: EXPN, when PrivacyOptions allow it.</summary>
public sealed class CheckExpn() : Ruleset("check_expn")
{
    public override ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken) => new(Answer(context));

    private static RulesetResult Answer(PolicyContext context)
    {
        // sendmail 8.17, oracle 03.
        if (context.Has(PrivacyFlags.NeedExpnHelo) && context.Session.HeloName is null) return PrivacyAnswers.Introduce;
        return context.Has(PrivacyFlags.NoExpn) ? PrivacyAnswers.NotAllowed : PrivacyAnswers.Allowed;
    }
}
