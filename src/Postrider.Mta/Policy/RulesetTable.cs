using System.Collections.Frozen;
using Postrider.Mail;

namespace Postrider.Mta.Policy;

/// <summary>
/// Rulesets by name, with sendmail's three ways in: <see cref="RewriteAsync"/> (an address is rewritten or resolved), <see cref="CheckAsync"/> (something is accepted
/// or refused), <see cref="AskAsync"/> (a question with a text as its answer). A ruleset that is absent changes nothing, objects to nothing, answers nothing.
/// </summary>
/// <remarks>Immutable and thread-safe. Of two rulesets with one name the later one wins: the native library first, then what the site defines.</remarks>
public sealed class RulesetTable
{
    private readonly FrozenDictionary<string, Ruleset> rulesets;

    public RulesetTable(params IEnumerable<Ruleset> rulesets)
    {
        Dictionary<string, Ruleset> byName = new(StringComparer.Ordinal);
        foreach (Ruleset ruleset in rulesets) byName[ruleset.Name] = ruleset;
        this.rulesets = byName.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IEnumerable<Ruleset> Rulesets => rulesets.Values;

    public Ruleset? Find(string name) => rulesets.GetValueOrDefault(name);

    /// <summary>A table in which <paramref name="others"/> win.</summary>
    public RulesetTable With(params IEnumerable<Ruleset> others) => new(rulesets.Values.Concat(others));

    public ValueTask<RulesetResult> RewriteAsync(string name, string address, PolicyContext context, CancellationToken cancellationToken) => Find(name) is { } ruleset
        ? ruleset.ApplyAsync(new RulesetArgument(address), context, cancellationToken)
        : new ValueTask<RulesetResult>(RulesetResult.Plain(address, ReasonChain.None));

    /// <param name="subject">The address as the peer wrote it, which stands in front of some replies; null: none.</param>
    public ValueTask<Verdict> CheckAsync(string name, RulesetArgument argument, string? subject, PolicyContext context, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } ruleset) return new ValueTask<Verdict>(Verdict.Accepted);
        ValueTask<RulesetResult> result = ruleset.ApplyAsync(argument, context, cancellationToken);
        return result.IsCompletedSuccessfully ? new ValueTask<Verdict>(VerdictReader.Read(name, result.Result, subject)) : Awaited(name, result, subject);

        static async ValueTask<Verdict> Awaited(string name, ValueTask<RulesetResult> result, string? subject) => VerdictReader.Read(name, await result, subject);
    }

    /// <returns>The text behind <c>$#</c> or the plain result; null: no such ruleset, or an empty answer.</returns>
    public async ValueTask<string?> AskAsync(string name, RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } ruleset) return null;
        RulesetResult result = await ruleset.ApplyAsync(argument, context, cancellationToken);
        string answer = result.Triple is { } triple ? triple.Mailer : result.Text;
        return answer.Length == 0 ? null : answer;
    }
}
