using System.Collections.Frozen;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>Map types by name, those that need a file, the network or another part of the house. The rest (<c>regex</c>, <c>arith</c>, <c>macro</c>…) is in the rewriting engine. Immutable; thread-safe.</summary>
/// <param name="rows">Type in lower case, and who makes a map of it; a later row wins.</param>
public sealed class MapTypes(params IEnumerable<KeyValuePair<string, MapFactory>> rows)
{
    private readonly FrozenDictionary<string, MapFactory> factories = Table(rows);

    /// <summary>Every type that the house serves: one line for each table of rows.</summary>
    public static MapTypes Standard { get; } = new([
        .. FileMapTypes.Rows,
        .. DnsMapTypes.Rows,
        .. PeerMapTypes.Rows,
        .. LdapMapTypes.Rows,
    ]);

    public bool Serves(string type) => factories.ContainsKey(type);

    /// <summary>Makes a map; null: no such type here.</summary>
    /// <exception cref="FormatException">What the line says cannot be a map of its type.</exception>
    public IMap? Open(CfMap line, MapServices services)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (!factories.TryGetValue(line.Type, out MapFactory? factory)) return null;
        MapSpec spec = MapSpec.OfType(line.Type, line.Arguments);
        IMap map = factory(line, spec, services);
        return spec.Flags.Has('D') ? new DeferrableMap(map, services.IsDeferred) : map;
    }

    private static FrozenDictionary<string, MapFactory> Table(IEnumerable<KeyValuePair<string, MapFactory>> rows)
    {
        Dictionary<string, MapFactory> table = new(StringComparer.Ordinal);
        foreach ((string type, MapFactory factory) in rows) table[type] = factory;
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
