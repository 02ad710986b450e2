using System.Collections.Frozen;
using Postrider.Mta.Maps;
using Postrider.Mta.Rules;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Configuration;

/// <summary>Opens what the rules of a cf ask: its maps; and puts its mailers and header checks into tables.</summary>
internal static class SiteRulesBinder
{
    public static SiteRules Bind(RulesConfiguration said, MapTypes types, MapServices services, Action<Diagnostic> found)
    {
        CfDocument document = said.Document;
        MapTable maps = MapTable.Of(document, line => Open(line, types, services, document, found), found);
        Dictionary<string, CfMailer> mailers = new(StringComparer.OrdinalIgnoreCase);
        foreach (CfMailer mailer in document.Mailers) mailers[mailer.Name] = mailer;
        Dictionary<string, CfHeader> checks = new(StringComparer.OrdinalIgnoreCase);
        foreach (CfHeader header in document.Headers.Where(static header => header.Ruleset is not null)) checks[header.Field] = header;
        return new SiteRules
        {
            Engine = new RewritingEngine(said.Program),
            Macros = said.Macros,
            Classes = said.Classes,
            Maps = maps,
            Mailers = mailers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            HeaderChecks = checks.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            IsClassic = said.IsClassic,
        };
    }

    /// <summary>A map of a type that is not served stands there all the same: whoever asks it gets a temporary failure, so that nothing is decided without it.</summary>
    private static Postrider.Sendmail.Maps.IMap? Open(CfMap line, MapTypes types, MapServices services, CfDocument document, Action<Diagnostic> found)
    {
        if (types.Open(line, services) is { } map) return map;
        if (line.Line == 0) return null; // host and user are there without a K line, where the house has them
        found(new Diagnostic(Severity.Warning, document.FileName, line.Line, $"map {line.Name}: class {line.Type} is not served yet; every decision that asks it is temporarily refused"));
        return new UnavailableMap($"map {line.Name}: class {line.Type} is not served");
    }
}
