using Postrider.Mail;

namespace Postrider.Mta.Policy;

/// <summary>Native check_relay: asked once after accept, argument <c>client name $| client address</c>. Accepts; the site's Local_check_relay may refuse.</summary>
public sealed class CheckRelay() : Ruleset("check_relay")
{
    private const string Hook = "Local_check_relay";

    private static readonly RulesetResult Accepted = RulesetResult.Plain("", ReasonChain.None);

    public override ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken) =>
        context.Rulesets.Find(Hook) is { } hook ? hook.ApplyAsync(argument, context, cancellationToken) : new ValueTask<RulesetResult>(Accepted);
}
