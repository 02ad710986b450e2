namespace Postrider.Mta.Policy;

/// <summary>An entry of the <see cref="RulesetTable"/>: native C#, or the site's own rules, interpreted. Both call others through the table (<c>$&gt;name</c>).</summary>
/// <remarks>Immutable and thread-safe. Must not throw for what mail or network contains; a map that cannot be asked is a temporary error as a result.</remarks>
public abstract class Ruleset(string name)
{
    /// <summary>As sendmail calls it: <c>check_rcpt</c>, <c>canonify</c>.</summary>
    public string Name { get; } = name;

    public abstract ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken);
}
