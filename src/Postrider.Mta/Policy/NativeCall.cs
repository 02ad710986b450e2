using Postrider.Mta.Rules;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Policy;

/// <summary>A native ruleset called by rules of the site (<c>$&gt;check_rcpt</c>): the workspace becomes its argument, its answer the workspace.</summary>
internal static class NativeCall
{
    public static NativeRuleset? Find(string name, PolicyContext context, Tokenizer tokenizer) => context.Rulesets.Find(name) is { } native and not InterpretedRuleset
        ? (workspace, _, cancellationToken) => RunAsync(native, workspace, context, tokenizer, cancellationToken)
        : null;

    private static async ValueTask<RewriteStatus> RunAsync(Ruleset native, Workspace workspace, PolicyContext context, Tokenizer tokenizer, CancellationToken cancellationToken)
    {
        List<string> tokens = [.. workspace.Tokens];
        int separator = tokens.IndexOf(Metasymbol.Separator);
        RulesetArgument argument = separator < 0
            ? new RulesetArgument(RuleText.Of(tokenizer, tokens))
            : new RulesetArgument(RuleText.Of(tokenizer, tokens[..separator]), RuleText.Of(tokenizer, tokens[(separator + 1)..]));
        RulesetResult result = await native.ApplyAsync(argument, context, cancellationToken);
        if (result.Triple is not { } triple)
        {
            workspace.Replace(tokenizer.Tokenize(result.Text).Tokens);
            return RewriteStatus.Ok;
        }

        List<string> answer = [Metasymbol.Mailer, triple.Mailer];
        if (triple.Host.Length > 0) answer.AddRange([Metasymbol.Host, .. tokenizer.Tokenize(triple.Host).Tokens]);
        answer.AddRange([Metasymbol.User, "\"" + triple.User.Replace("\"", "", StringComparison.Ordinal) + "\""]);
        workspace.Replace(answer);
        return RewriteStatus.Ok;
    }
}
