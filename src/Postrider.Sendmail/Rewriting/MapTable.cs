using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Rewriting.MapTypes;

namespace Postrider.Sendmail.Rewriting;

/// <summary>Maps by name. Filled first, then asked from any thread.</summary>
public sealed class MapTable : IMapSource
{
    private readonly Dictionary<string, NamedMap> _maps = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public NamedMap? Find(string name) => _maps.GetValueOrDefault(name);

    /// <summary>Adds a map; a later one of the same name replaces an earlier one.</summary>
    public void Add(NamedMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        _maps[map.Name] = map;
    }

    /// <summary>Makes every map of a cf file: the built-in types here, the others by <paramref name="open"/>.</summary>
    /// <param name="document">The file.</param>
    /// <param name="open">Opens a map that needs a file, the network or another part of the program; null if it cannot. The map <c>host</c> of <c>$[ $]</c> is asked for too, with the line number 0.</param>
    /// <param name="problems">Is given what is wrong.</param>
    public static MapTable Of(CfDocument document, Func<CfMap, IMap?> open, Action<Diagnostic> problems)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(problems);
        var table = new MapTable();
        // sendmail 8.17, measured: this one is there without a K line, and its answers end in a dot.
        var host = new CfMap(0, "", "host", "host", "-a.");
        if (open(host) is { } canonical) { table.Add(new NamedMap("host", "host", MapFlags.None, canonical)); }
        foreach (CfMap line in document.Maps)
        {
            try
            {
                if (BuiltinMaps.Create(line) is { } builtin) { table.Add(builtin); }
                else if (open(line) is { } opened) { table.Add(new NamedMap(line.Name, line.Type, MapSpec.OfType(line.Type, line.Arguments).Flags, opened)); }
            }
            catch (FormatException e) { problems(new Diagnostic(Severity.Error, document.FileName, line.Line, e.Message)); }
        }
        return table;
    }
}
