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
        MapResult result = await BareAsync(key, arguments, context, cancellationToken).ConfigureAwait(false);
        if (result.Status != MapStatus.TempFail) { return result; }
        if (Flags.Value('T') is { Length: > 0 } suffix) { return MapResult.Found(key + suffix); }
        return Flags.IgnoreTempFail ? MapResult.NotFound : result;
    }

    /// <summary>Asks the map and leaves a temporary failure what it is, as the address test mode does (sendmail 8.17, measured).</summary>
    internal ValueTask<MapResult> BareAsync(string key, IReadOnlyList<string> arguments, RewriteContext context, CancellationToken cancellationToken) =>
        Map is IContextMap inContext ? inContext.LookupAsync(key, arguments, context, cancellationToken) : Map.LookupAsync(key, arguments, cancellationToken);
}
