using System.Collections.Immutable;
using Postrider.Mta.Routing;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Aliasing;

/// <summary>The alias maps of a site (AliasFile), asked in their order: the first that knows a name decides. Thread-safe.</summary>
public sealed class AliasMaps(ImmutableArray<IMap> maps)
{
    public static AliasMaps None { get; } = new([]);

    public bool IsEmpty => maps.IsEmpty;

    /// <returns>The right-hand side; null when no map knows the name.</returns>
    /// <exception cref="MapUnavailableException">A map that comes before an answer cannot be asked. Never taken for "no such alias": that would bounce good mail.</exception>
    public async ValueTask<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        // A name that only the database's own mark has (sendmail writes "@" to say that a rebuild is complete) is nobody's.
        if (name is "@" or "") return null;
        foreach (IMap map in maps)
        {
            MapResult result = await map.LookupAsync(name, [], cancellationToken);
            if (result.Status == MapStatus.TempFail) throw new MapUnavailableException("aliases", result.Reason ?? "cannot be asked");
            if (result.Status == MapStatus.Found && result.Value.Length > 0) return result.Value;
        }

        return null;
    }
}
