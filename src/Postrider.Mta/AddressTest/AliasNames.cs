using Postrider.Mta.Aliasing;
using Postrider.Mta.Configuration;
using Postrider.Mta.Maps;
using Postrider.Mta.Routing;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.AddressTest;

/// <summary>The alias maps under the names that sendmail gives them: <c>aliases</c> and <c>aliases.files</c> for all, <c>Alias0</c>, <c>Alias1</c>… for each (asked of sendmail 8.17).</summary>
internal sealed class AliasNames(AliasMaps aliases) : IMap
{
    private const int NotThere = 68;

    /// <summary>Adds them to a table; nothing if the file has no AliasFile.</summary>
    public static void Add(MapTable table, CfDocument document, MapServices services, Action<Diagnostic> found)
    {
        string[] files = [.. document.Options.Where(static option => option.Name == "AliasFile").SelectMany(static option => option.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        if (files.Length == 0) return;
        NamedMap Named(string name, params string[] maps) =>
            new(name, "implicit", MapFlags.None, new AliasNames(AliasMapBinder.Bind(new AliasConfiguration { Maps = [.. maps] }, isOptional: document.IsNative, MapTypes.Standard, services, found)));

        table.Add(Named("aliases", files));
        table.Add(Named("aliases.files", files));
        for (int i = 0; i < files.Length; i++) table.Add(Named(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Alias{i}"), files[i]));
    }

    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await aliases.FindAsync(key, cancellationToken) is { } value ? MapResult.Found(value) : MapResult.NotFound with { ExitStatus = NotThere };
        }
        catch (MapUnavailableException e)
        {
            return MapResult.TempFail(e.Message);
        }
    }
}
