using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>A map with <c>-D</c>: while mail is only taken in, it knows nothing. Thread-safe.</summary>
internal sealed class DeferrableMap(IMap map, Func<bool> isDeferred) : IMap
{
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        isDeferred() ? new(MapResult.NotFound) : map.LookupAsync(key, arguments, cancellationToken);
}
