using Postrider.Mail;
using Postrider.Mta.Rules;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Policy;

/// <summary>One call of a ruleset of the site's file: argument in, answer read. What cannot be decided now is a temporary error, never a wrong answer.</summary>
internal static class RulesetCall
{
    /// <param name="reasons">What the answer's chain begins with.</param>
    public static async ValueTask<RulesetResult> RunAsync(RewritingEngine engine, string name, RulesetArgument argument, RewriteContext rewriting, ReasonChain reasons, CancellationToken cancellationToken)
    {
        Tokenizer tokenizer = engine.Program.Tokenizer;
        List<string> tokens = tokenizer.Tokenize(argument.First, keepComments: argument.KeepsComments).Tokens;
        if (argument.Second is { } second)
        {
            tokens.Add(Metasymbol.Separator);
            tokens.AddRange(tokenizer.Tokenize(second, keepComments: argument.KeepsComments).Tokens);
        }

        Workspace workspace = new(tokens);
        RewriteStatus status = await engine.RewriteAsync(name, workspace, rewriting, cancellationToken);
        if (status != RewriteStatus.Ok) return RulesetResult.TemporaryFailure(reasons.Then(ReasonKind.Ruleset, $"{name}: {status}"));
        if (MailerTriple.Read(workspace.Tokens) is { } triple)
        {
            return new RulesetResult(
                new Routing.MailerTriple(NameIn(workspace.Tokens), RuleText.Of(tokenizer, triple.Host), RuleText.Message(tokenizer, triple.User)),
                "",
                reasons);
        }

        return RulesetResult.Plain(RuleText.Of(tokenizer, workspace.Tokens), reasons);
    }

    /// <summary>Everything between <c>$#</c> and <c>$@</c> or <c>$:</c>: one word, or the several of an answer (<c>$# S A</c>).</summary>
    private static string NameIn(IReadOnlyList<string> tokens)
    {
        int end = 2;
        while (end < tokens.Count && tokens[end] is not (Metasymbol.Host or Metasymbol.User)) end++;
        return end == 2 ? tokens[1] : string.Join(' ', tokens.Skip(1).Take(end - 1));
    }
}
