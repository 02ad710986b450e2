using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.MapTypes;

/// <summary><c>null</c>: knows nothing.</summary>
public sealed class NullMap : IMap
{
    /// <inheritdoc/>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new(MapResult.NotFound);
}
