using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting;

/// <summary>A map as a <c>K</c> line declares it.</summary>
/// <param name="Name">Its name as written.</param>
/// <param name="Type">The map class in lower case.</param>
/// <param name="Flags">Flags that the rewriting engine itself obeys: <c>-S</c> (replaces blanks in keys), <c>-T</c> and <c>-t</c> (temporary failures).</param>
/// <param name="Map">Who answers.</param>
public sealed record NamedMap(string Name, string Type, MapFlags Flags, IMap Map)
{
    /// <summary>Asks the map; a temporary failure becomes what <c>-T</c> or <c>-t</c> say.</summary>
    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, RewriteContext context, CancellationToken cancellationToken)
    {
        MapResult result = Map is IContextMap inContext
            ? await inContext.LookupAsync(key, arguments, context, cancellationToken).ConfigureAwait(false)
            : await Map.LookupAsync(key, arguments, cancellationToken).ConfigureAwait(false);
        if (result.Status != MapStatus.TempFail) { return result; }
        if (Flags.Value('T') is { Length: > 0 } suffix) { return MapResult.Found(key + suffix); }
        return Flags.IgnoreTempFail ? MapResult.NotFound : result;
    }
}
