using System.Text.RegularExpressions;
using Postrider.Sendmail.Cf;

namespace Postrider.Sendmail.Mc.Library;

/// <summary>
/// Our own macro library: every macro of an <c>.mc</c> as code that knows its arguments and their places, and checks them. When the file ends, <see cref="McWriter"/>
/// writes the short cf.
/// </summary>
internal sealed partial class McBuiltin
{
    // Classes that a macro fills, and the same with _FILE.
    private static readonly (string Macro, string Class)[] Classes =
    [
        ("LOCAL_DOMAIN", "w"), ("RELAY_DOMAIN", "R"), ("MASQUERADE_DOMAIN", "M"), ("MASQUERADE_EXCEPTION", "N"), ("EXPOSED_USER", "E"), ("LOCAL_USER", "L"), ("GENERICS_DOMAIN", "G"),
        ("VIRTUSER_DOMAIN", "{VirtHost}"), ("CANONIFY_DOMAIN", "{Canonify}"), ("LDAPROUTE_DOMAIN", "{LDAPRoute}"), ("LDAPROUTE_EQUIVALENT", "{LDAPRouteEquiv}"),
    ];

    // Places for the site's own lines: the diversion that collects them (sendmail's numbers), and the ruleset line that begins them there.
    private static readonly (string Macro, int Diversion, string? Ruleset)[] Insertions =
    [
        ("LOCAL_NET_CONFIG", 1, null), ("LOCAL_RULE_3", 2, null), ("LOCAL_RULE_0", 3, null), ("LOCAL_UUCP", 4, null), ("LOCAL_CONFIG", 6, null), ("MAILER_DEFINITIONS", 7, null),
        ("LOCAL_DNSBL", 8, null), ("LOCAL_RULESETS", 9, null), ("LOCAL_RULE_1", 9, "1"), ("LOCAL_RULE_2", 9, "2"), ("LOCAL_SRV_FEATURES", 9, "Local_srv_features"),
        ("LOCAL_CLT_FEATURES", 9, "Local_clt_features"), ("LOCAL_TRY_TLS", 9, "Local_try_tls"), ("LOCAL_TLS_RCPT", 9, "Local_tls_rcpt"), ("LOCAL_TLS_CLIENT", 9, "Local_tls_client"),
        ("LOCAL_TLS_SERVER", 9, "Local_tls_server"),
    ];

    private readonly M4Engine _engine;
    private readonly McSite _site = new();
    private readonly string _fileName;
    private readonly List<string> _macros = [];
    private string? _firstMailer;

    internal McBuiltin(M4Engine engine, string fileName)
    {
        _engine = engine;
        _fileName = fileName;
        engine.Including = static name => name == "cf.m4" || name.EndsWith("/cf.m4", StringComparison.Ordinal);
        engine.UnknownCall = UnknownCall;
        engine.Ended = Finish;
        DefineMacros();
        engine.Define("MAIL_SETTINGS_DIR", "/etc/mail/", default);
        engine.Define("DATABASE_MAP_TYPE", "hash", default);
    }

    /// <summary>The cf, when the engine has run to the end; else empty.</summary>
    internal string CfText { get; private set; } = "";

    /// <summary>For each line of the cf, where in the <c>.mc</c> it comes from.</summary>
    internal IReadOnlyList<M4Place> Places { get; private set; } = [];

    private void Define(string name, Action<M4Call> run)
    {
        _macros.Add(name);
        _engine.DefineNative(name, run);
    }

    private void DefineMacros()
    {
        Define("VERSIONID", call => _site.Versions.Add(call[1].ReplaceLineEndings(" ").Trim()));
        Define("OSTYPE", OperatingSystem);
        Define("DOMAIN", Domain);
        Define("HACK", call => IncludeSiteFile(call, "hack"));
        Define("FEATURE", Feature);
        Define("MAILER", Mailer);
        Define("DAEMON_OPTIONS", call => PortOptions(call, _site.DaemonOptions));
        Define("CLIENT_OPTIONS", call => PortOptions(call, _site.ClientOptions));
        Define("TRUST_AUTH_MECH", call => AddWords(call, "{TrustAuthMech}"));
        Define("MASQUERADE_AS", call => { if (Needs(call, 1, 1)) { _site.MasqueradeAs = call[1].Trim(); _site.MasqueradePlace = call.Place; } });
        Define("INPUT_MAIL_FILTER", call => Milter(call, active: true));
        Define("MAIL_FILTER", call => Milter(call, active: false));
        Define("QUEUE_GROUP", call => { if (Needs(call, 2, 2)) { _site.QueueGroups.Add((call[1].Trim(), call[2].Trim(), call.Place)); } });
        Define("MODIFY_MAILER_FLAGS", ModifyFlags);
        Define("CONCAT", static call => call.Expand(string.Concat(call.Arguments.Select(static a => a.Text))));
        Define("DOL", static call => call.Expand("$" + call[1]));
        Define("PUSHDIVERT", call =>
        {
            _engine.Push("__DIVERSION__", _engine.Output.Current.ToString(System.Globalization.CultureInfo.InvariantCulture), null, call.Place);
            if (call.Integer(1, out int number)) { _engine.Output.Divert(number); }
        });
        _engine.DefineNative("POPDIVERT", _ => PopDivert(), blind: false);
        foreach ((string macro, string name) in Classes)
        {
            Define(macro, call => AddWords(call, name));
            Define(macro + "_FILE", call => { if (Needs(call, 1, 1)) { _site.ClassFiles.Add((name, call[1].Trim(), call.Place)); } });
        }
        foreach ((string macro, int diversion, string? ruleset) in Insertions)
        {
            _macros.Add(macro);
            _engine.DefineNative(macro, _ => Insert(diversion, ruleset), blind: false);
        }
        foreach (string name in (ReadOnlySpan<string>)["SITE", "SITECONFIG", "UUCPSMTP"])
        {
            Define(name, static call => call.Error("UUCP connections are not served by the builtin library"));
        }
    }

    private void PopDivert()
    {
        if (_engine.Find("__DIVERSION__") is { } kept && int.TryParse(kept.Text, out int number))
        {
            _engine.Output.Divert(number);
            _engine.Pop("__DIVERSION__");
        }
    }

    private void Insert(int diversion, string? ruleset)
    {
        _engine.Output.Divert(diversion);
        if (ruleset is not null) { _engine.Output.Write($"S{ruleset}"); }
    }

    private static bool Needs(M4Call call, int least, int most)
    {
        if (call.Count > most) { Tell(call, Severity.Error, call.PlaceOf(most + 1), $"{call.Name} takes {most} argument{(most == 1 ? "" : "s")}, not {call.Count}"); }
        if (call.Count >= least && !(least > 0 && call[1].Length == 0)) { return true; }
        Tell(call, Severity.Error, call.Place, $"{call.Name} needs {(least == 1 ? "an argument" : $"{least} arguments")}");
        return false;
    }

    private static void Tell(M4Call call, Severity severity, M4Place place, string message, string? remedy = null) => call.Engine.Report(severity, place, message, remedy);

    private void AddWords(M4Call call, string name)
    {
        if (Needs(call, 1, 1) && call[1].Trim().Length > 0) { _site.Classes.Add((name, string.Join(' ', Cf.CfText.Words(call[1])), call.Place)); }
    }

    private void OperatingSystem(M4Call call)
    {
        if (!Needs(call, 1, 1)) { return; }
        _site.OperatingSystem = call[1].Trim();
        if (!McNames.OperatingSystems.Contains(_site.OperatingSystem, StringComparer.Ordinal))
        {
            Tell(call, Severity.Error, call.PlaceOf(1), $"unknown operating system `{_site.OperatingSystem}'", NameSuggestion.Remedy(_site.OperatingSystem, McNames.OperatingSystems) ?? "write OSTYPE(`linux')");
        }
    }

    private void Domain(M4Call call)
    {
        if (!Needs(call, 1, 1)) { return; }
        if (IncludeIfThere("domain", call[1])) { return; }
        switch (call[1])
        {
            case "generic":
                // What the generic domain of the classic library sets.
                SetDefault("confFORWARD_PATH", "$z/.forward.$w+$h:$z/.forward+$h:$z/.forward.$w:$z/.forward", call);
                AddFeature("redirect", [], call.Place);
                AddFeature("use_cw_file", [], call.Place);
                _site.Classes.Add(("E", "root", call.Place));
                break;
            case "debian-mta" or "debian-msp":
                break;
            default:
                Tell(call, Severity.Error, call.PlaceOf(1), $"no file domain/{call[1]}.m4", NameSuggestion.Remedy(call[1], ["generic", "debian-mta", "debian-msp"]));
                break;
        }
    }

    private void SetDefault(string name, string text, M4Call call) => _engine.Define(name, text, call.Place);

    private void IncludeSiteFile(M4Call call, string directory)
    {
        if (!Needs(call, 1, 9) || IncludeIfThere(directory, call[1])) { return; }
        Tell(call, Severity.Error, call.PlaceOf(1), $"no file {directory}/{call[1]}.m4", "put it beside the .mc, or use the installed library");
    }

    private bool IncludeIfThere(string directory, string name)
    {
        if (name.Contains("..", StringComparison.Ordinal) || _engine.Open($"{directory}/{name}.m4") is not { } file) { return false; }
        _engine.Input.PushFile(file);
        return true;
    }

    private void Milter(M4Call call, bool active)
    {
        if (Needs(call, 2, 2)) { _site.Milters.Add((call[1].Trim(), call[2].Trim(), active, call.Place)); }
    }

    private void PortOptions(M4Call call, List<(string Text, M4Place Place)> target)
    {
        // A value written without quotes has its commas taken for argument separators: sendmail's library drops what is behind; we mend it and say so.
        string text = string.Join(", ", call.Arguments.Select(static a => a.Text.Trim()));
        if (call.Count > 1) { Tell(call, Severity.Warning, call.Place, $"{call.Name}: the commas are not quoted", $"write {call.Name}(`{text}')"); }
        if (!Needs(call, 1, int.MaxValue)) { return; }
        target.Add((text.Trim(), call.Place));
        DaemonPortOptions.Parse(text, (severity, message, remedy) => Tell(call, severity, call.PlaceOf(1), $"{call.Name}: {message}", remedy));
    }

    private void ModifyFlags(M4Call call)
    {
        if (!Needs(call, 2, 2)) { return; }
        _site.MailerFlags[call[1].Trim()] = call[2].Trim();
    }

    private void Mailer(M4Call call)
    {
        if (!Needs(call, 1, 9)) { return; }
        string name = call[1].Trim();
        _firstMailer ??= name;
        if (McMailers.ByName.ContainsKey(name))
        {
            if (!_site.Mailers.Any(mailer => mailer.Name == name)) { _site.Mailers.Add((name, call.Place)); }
        }
        else if (McMailers.ClassicOnly.Contains(name, StringComparer.Ordinal)) { Tell(call, Severity.Error, call.PlaceOf(1), $"mailer `{name}' is not in the builtin library", "write its M line behind MAILER_DEFINITIONS, or use the installed library"); }
        else { Tell(call, Severity.Error, call.PlaceOf(1), $"unknown mailer `{name}'", NameSuggestion.Remedy(name, McMailers.ByName.Keys)); }
    }

    private void Feature(M4Call call)
    {
        if (!Needs(call, 1, 20)) { return; }
        string name = call[1].Trim();
        if (!McFeatures.ByName.TryGetValue(name, out McFeature? feature))
        {
            Tell(call, Severity.Error, call.PlaceOf(1), $"unknown feature `{name}'", NameSuggestion.Remedy(name, McFeatures.ByName.Keys));
            return;
        }
        if (_firstMailer is not null)
        {
            string where = feature.BeforeLocal ? "MAILER(`local')" : $"MAILER(`{_firstMailer}')";
            Tell(call, Severity.Error, call.Place, $"FEATURE(`{name}') must stand before {where}", "move it above the first MAILER line");
        }
        List<string> arguments = [.. call.Arguments.Skip(1).Select(static a => a.Text)];
        while (arguments.Count > 0 && arguments[^1].Length == 0) { arguments.RemoveAt(arguments.Count - 1); }
        if (arguments.Count < feature.Least) { Tell(call, Severity.Error, call.Place, $"FEATURE(`{name}') needs {feature.Least} argument{(feature.Least == 1 ? "" : "s")} more"); }
        if (arguments.Count > feature.Most) { Tell(call, Severity.Error, call.PlaceOf(feature.Most + 2), $"FEATURE(`{name}') takes {(feature.Most == 0 ? "no argument" : $"at most {feature.Most}")}"); }
        if (arguments.Any(static a => a.Contains('\n', StringComparison.Ordinal))) { Tell(call, Severity.Error, call.Place, $"FEATURE(`{name}'): an argument has a line break in it"); return; }
        switch (name)
        {
            case "blacklist_recipients":
                Tell(call, Severity.Warning, call.PlaceOf(1), "blacklist_recipients has a new name", "write FEATURE(`blocklist_recipients')");
                AddFeature("blocklist_recipients", arguments, call.Place);
                return;
            case "tls_failures":
                Tell(call, Severity.Warning, call.PlaceOf(1), "tls_failures has been replaced", "write define(`confTLS_FALLBACK_TO_CLEAR', `True')");
                _engine.Define("confTLS_FALLBACK_TO_CLEAR", "True", call.Place);
                return;
            case "promiscuous_relay":
                Tell(call, Severity.Warning, call.PlaceOf(1), "promiscuous_relay lets everybody relay through this host");
                break;
            case "notsticky":
                Tell(call, Severity.Note, call.PlaceOf(1), "notsticky has been the default since 8.7");
                return;
            default:
                break;
        }
        AddFeature(name, arguments, call.Place);
    }

    private void AddFeature(string name, IReadOnlyList<string> arguments, M4Place place)
    {
        // A block list may stand there once per zone; of everything else the last one counts.
        if (name is not ("dnsbl" or "enhdnsbl" or "rhsbl" or "bcc" or "prefixmod")) { _site.Features.RemoveAll(feature => feature.Name == name); }
        _site.Features.Add((name, arguments, place));
    }

    [GeneratedRegex("^[A-Z][A-Z0-9_]{2,}$", RegexOptions.NonBacktracking)]
    private static partial Regex MacroName { get; }

    private void UnknownCall(string name, M4Place place)
    {
        if (!MacroName.IsMatch(name)) { return; }
        string? remedy = NameSuggestion.Remedy(name, _macros);
        // Headers of files are prose, thrown away by divert(-1): only what is near a macro is told there.
        if (_engine.Output.Current == 0 || remedy is not null) { _engine.Report(Severity.Error, place, $"unknown macro `{name}'", remedy); }
    }

    private void Finish()
    {
        if (_site.OperatingSystem is null) { _engine.Report(Severity.Warning, new M4Place(_fileName, 0), "no OSTYPE", "write OSTYPE(`linux') near the top"); }
        if (_site.Mailers.Count == 0 && !_site.HasFeature("nullclient") && !_site.HasFeature("msp")) { _engine.Report(Severity.Warning, new M4Place(_fileName, 0), "no MAILER: mail cannot be delivered anywhere", "end the file with MAILER(`local') and MAILER(`smtp')"); }
        McWriter writer = new(_engine, _site, _fileName);
        CfText = writer.Write();
        Places = writer.Places;
    }
}
