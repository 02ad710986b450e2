using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.MapTypes;

/// <summary>
/// <c>sequence</c> and <c>switch</c>: maps asked in order, by name, until one knows the key. One that cannot answer now does not end the search; but if no other
/// knows the key, the answer is that it cannot be known now. Immutable; thread-safe.
/// </summary>
/// <param name="members">Names of maps: for <c>sequence</c> those of the <c>K</c> line, for <c>switch</c> what the service switch file makes of it.</param>
public sealed class SequenceMap(IReadOnlyList<string> members) : IContextMap
{
    /// <summary>The names.</summary>
    public IReadOnlyList<string> Members => members;

    /// <inheritdoc/>
    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, RewriteContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        MapResult answer = MapResult.NotFound;
        foreach (string name in members)
        {
            if (context.Maps.Find(name) is not { } member || ReferenceEquals(member.Map, this)) { continue; }
            MapResult result = await member.AskAsync(key, arguments, context, cancellationToken).ConfigureAwait(false);
            if (result.Status == MapStatus.Found) { return result; }
            if (result.Status == MapStatus.TempFail) { answer = result; }
        }
        return answer;
    }

    /// <summary>Without a rewriting there are no other maps to ask.</summary>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        new(MapResult.TempFail("a sequence of maps was asked outside a ruleset"));
}
