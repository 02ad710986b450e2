using Postrider.Mta.Configuration;

namespace Postrider.Mta.Policy;

/// <summary>Native check_vrfy: VRFY after HELO, when PrivacyOptions want that. novrfy is no refusal: it makes the answer say nothing.</summary>
public sealed class CheckVrfy() : Ruleset("check_vrfy")
{
    public override ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken) => new(Answer(context));

    private static RulesetResult Answer(PolicyContext context)
    {
        // sendmail 8.17, oracle 03.
        return context.Has(PrivacyFlags.NeedVrfyHelo) && context.Session.HeloName is null ? PrivacyAnswers.Introduce : PrivacyAnswers.Allowed;
    }
}
