using Postrider.Mta.Configuration;

namespace Postrider.Mta.Policy;

/// <summary>Native check_etrn: ETRN, when PrivacyOptions and the listener (M=E) allow it.</summary>
public sealed class CheckEtrn() : Ruleset("check_etrn")
{
    public override ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken) => new(Answer(context));

    private static RulesetResult Answer(PolicyContext context)
    {
        // sendmail 8.17, oracle 03 and 26.
        return context.Has(PrivacyFlags.NoEtrn) || context.Session.Listener.NoEtrn ? PrivacyAnswers.NotAllowed : PrivacyAnswers.Allowed;
    }
}
