using Postrider.Mta.Aliasing;
using Postrider.Mta.Maps;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Configuration;

/// <summary>Opens the maps of AliasFile.</summary>
/// <remarks>
/// A file without a type is a database when there is one beside it and the text otherwise, as sendmail takes it. In a file of our own configuration language a missing
/// file is no error: the library names /etc/mail/aliases whether a site has one or not.
/// </remarks>
internal static class AliasMapBinder
{
    public static AliasMaps Bind(AliasConfiguration said, bool isOptional, MapTypes types, MapServices services, Action<Diagnostic> found) =>
        new([.. said.Maps.Select(text => Open(text, isOptional, types, services, found))]);

    /// <summary>The file of a map that is one; null: the map asks somebody else.</summary>
    public static string? FileOf(string map) => MapSpec.Parse(map, "implicit") is { Argument: ['/', ..] } spec ? spec.Argument : null;

    private static IMap Open(string text, bool isOptional, MapTypes types, MapServices services, Action<Diagnostic> found)
    {
        MapSpec spec = MapSpec.Parse(text, "implicit")!;
        try
        {
            if (spec.Type is "implicit" or "files") return Implicit(spec, isOptional, types, services);
            if (types.Open(Line(spec.Type, text[(text.IndexOfAny([' ', '\t', ':']) + 1)..]), services) is { } map) return map;
        }
        catch (FormatException e)
        {
            found(new Diagnostic(Severity.Error, "", 0, $"AliasFile {text}: {e.Message}"));
            return new UnavailableMap(e.Message);
        }

        found(new Diagnostic(Severity.Warning, "", 0, $"AliasFile {text}: class {spec.Type} is not served yet; mail for local users is temporarily refused"));
        return new UnavailableMap($"aliases {text}: class {spec.Type} is not served");
    }

    private static AliasDatabase Implicit(MapSpec spec, bool isOptional, MapTypes types, MapServices services)
    {
        string path = Path.GetFullPath(spec.Argument, services.BaseDirectory);
        AliasFile text = new(path, isOptional || spec.Flags.Optional, services.Time, services.Problem);
        return new AliasDatabase(path, text, () => types.Open(Line("hash", path), services), services.Time);
    }

    /// <summary>As a K line would say it.</summary>
    private static CfMap Line(string type, string arguments) => new(0, "", "aliases", type, arguments);
}
