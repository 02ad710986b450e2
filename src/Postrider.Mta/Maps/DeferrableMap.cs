using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Maps;

/// <summary>A map with <c>-D</c>: while mail is only taken in, it knows nothing. Thread-safe.</summary>
internal sealed class DeferrableMap(IMap map, Func<bool> isDeferred) : IContextMap
{
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        isDeferred() ? new(MapResult.NotFound) : map.LookupAsync(key, arguments, cancellationToken);

    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, RewriteContext context, CancellationToken cancellationToken) =>
        !isDeferred() && map is IContextMap inContext ? inContext.LookupAsync(key, arguments, context, cancellationToken) : LookupAsync(key, arguments, cancellationToken);
}
