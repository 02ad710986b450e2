using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.MapTypes;

/// <summary>A table in memory: <c>stab</c>, and what tests put in a file's place. Immutable; thread-safe. Obeys <c>-f -m -a</c>.</summary>
public sealed class MemoryMap : IMap
{
    private readonly Dictionary<string, string> _entries;
    private readonly MapFlags _flags;

    /// <summary>Makes a map of these entries; of two with one key the first counts.</summary>
    public MemoryMap(IEnumerable<KeyValuePair<string, string>> entries, MapFlags? flags = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        _flags = flags ?? MapFlags.None;
        _entries = new Dictionary<string, string>(_flags.KeepCase ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string value) in entries) { _entries.TryAdd(key, value); }
    }

    /// <inheritdoc/>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        new(_entries.TryGetValue(key, out string? value) ? MapValue.Finish(_flags, value, key, arguments) : MapResult.NotFound);
}
