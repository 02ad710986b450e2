using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>Stands where a map cannot be asked: every answer is a temporary failure, never "not found". Immutable; thread-safe.</summary>
public sealed class UnavailableMap(string reason) : IMap
{
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new(MapResult.TempFail(reason));
}
