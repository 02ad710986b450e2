using Postrider.Mail;
using Postrider.Mta.Rules;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Policy;

/// <summary>A ruleset of the site's file, run by the rewriting engine over the session's macros. What cannot be decided now is a temporary error, never a wrong answer.</summary>
public sealed class InterpretedRuleset(string name, RewritingEngine engine) : Ruleset(name)
{
    private readonly ReasonChain reasons = ReasonChain.Of(ReasonKind.Ruleset, name + ": rules of the site");

    /// <summary>Every ruleset of a file that has rules, under its name and, when it has one that may be called by number, under that too.</summary>
    public static IEnumerable<Ruleset> Of(SiteRules rules)
    {
        foreach (Postrider.Sendmail.Rewriting.Ruleset ruleset in rules.Engine.Program.Rulesets)
        {
            if (ruleset.Rules.Count > 0) yield return new InterpretedRuleset(ruleset.Name, rules.Engine);
        }
    }

    public override async ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken)
    {
        RewriteContext rewriting = context.Rewriting ?? throw new InvalidOperationException($"ruleset {Name} without the site's rules");
        Tokenizer tokenizer = engine.Program.Tokenizer;
        List<string> tokens = tokenizer.Tokenize(argument.First, keepComments: argument.KeepsComments).Tokens;
        if (argument.Second is { } second)
        {
            tokens.Add(Metasymbol.Separator);
            tokens.AddRange(tokenizer.Tokenize(second, keepComments: argument.KeepsComments).Tokens);
        }

        Workspace workspace = new(tokens);
        RewriteStatus status = await engine.RewriteAsync(Name, workspace, rewriting, cancellationToken);
        if (status != RewriteStatus.Ok) return RulesetResult.TemporaryFailure(reasons.Then(ReasonKind.Ruleset, $"{Name}: {status}"));
        if (Sendmail.Rewriting.MailerTriple.Read(workspace.Tokens) is { } triple)
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
