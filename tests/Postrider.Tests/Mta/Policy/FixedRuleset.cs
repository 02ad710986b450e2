using Postrider.Mta.Policy;

namespace Postrider.Tests.Mta.Policy;

internal sealed class FixedRuleset(string name, RulesetResult result) : Ruleset(name)
{
    public List<string> Calls { get; } = [];

    public override ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken)
    {
        Calls.Add(argument.ToString());
        return new ValueTask<RulesetResult>(result);
    }
}
