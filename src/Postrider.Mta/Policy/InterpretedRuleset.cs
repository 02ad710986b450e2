using Postrider.Mail;
using Postrider.Mta.Rules;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Policy;

/// <summary>A ruleset of the site's file, run by the rewriting engine over the session's macros.</summary>
public sealed class InterpretedRuleset(string name, RewritingEngine engine) : Ruleset(name)
{
    private readonly ReasonChain reasons = ReasonChain.Of(ReasonKind.Ruleset, name + ": rules of the site");

    /// <summary>Every ruleset of a file that has rules, under its name.</summary>
    public static IEnumerable<Ruleset> Of(SiteRules rules)
    {
        foreach (Postrider.Sendmail.Rewriting.Ruleset ruleset in rules.Engine.Program.Rulesets)
        {
            if (ruleset.Rules.Count > 0) yield return new InterpretedRuleset(ruleset.Name, rules.Engine);
        }
    }

    public override ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken)
    {
        RewriteContext rewriting = context.Rewriting ?? throw new InvalidOperationException($"ruleset {Name} without the site's rules");
        return RulesetCall.RunAsync(engine, Name, argument, rewriting, reasons, cancellationToken);
    }
}
