using System.Text;
using Postrider.Sendmail.Cf;

namespace Postrider.Sendmail.Mc.Library;

/// <summary>Writes the short cf: vendor line, names, options, features, mailers, and the site's own lines as they are.</summary>
internal sealed class McWriter(M4Engine engine, McSite site, string fileName)
{
    private readonly StringBuilder _text = new();

    internal string Write()
    {
        SetRoles();
        // Before anything is expanded: values are read with the quotes that the library is written for.
        engine.Input.LeftQuote = "`";
        engine.Input.RightQuote = "'";
        CheckNames();
        Line($"# Built by `postrider build' from {OneLine(fileName)}: change that file, then build again.");
        foreach (string version in site.Versions) { Line($"# {OneLine(version)}"); }
        Line("V10/Postrider");
        Section("names", WriteNames);
        Section("options", WriteOptions);
        Section("features", WriteFeatures);
        Section("headers", WriteHeaders);
        Section("queue groups and mail filters", WriteGroups);
        Section("mailers", WriteMailers);
        // Comments at the top level are the .mc's own; those inside LOCAL_CONFIG are meant for the cf.
        string top = string.Join('\n', engine.Output.Take(0).Split('\n').Where(static line => !line.StartsWith('#')));
        Verbatim("the site's own lines", top + '\n' + engine.Output.Take(5) + engine.Output.Take(6) + engine.Output.Take(7));
        Section("the site's own rulesets", WriteRulesets);
        return _text.ToString();
    }

    /// <summary>For each line written, the macro it comes from; default where it is the library's own.</summary>
    internal List<M4Place> Places { get; } = [];

    private void Line(string line, M4Place place = default)
    {
        _text.Append(line).Append('\n');
        Places.Add(place);
    }

    private void Lines(string lines)
    {
        foreach (string line in lines.Trim('\n').Split('\n')) { Line(line); }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Section(string title, Action write)
    {
        int before = _text.Length;
        Line("");
        Line($"# {title}");
        int written = _text.Length;
        write();
        if (_text.Length == written)
        {
            _text.Length = before;
            Places.RemoveRange(Places.Count - 2, 2);
        }
    }

    private void Verbatim(string title, string lines)
    {
        if (string.IsNullOrWhiteSpace(lines)) { return; }
        Line("");
        Line($"# {title}");
        foreach (string line in lines.Split('\n'))
        {
            if (!string.IsNullOrWhiteSpace(line)) { Line(line); }
        }
    }

    /// <summary>The value of a name that the site defined, expanded, with its place; null if it did not.</summary>
    private (string Text, M4Place Place)? Value(string name) =>
        engine.Find(name) is { Builtin: null } definition ? (engine.Evaluate(definition.Text, definition.Place), definition.Place) : null;

    private bool OnOneLine(string name, string text, M4Place place)
    {
        if (!text.Contains('\n', StringComparison.Ordinal)) { return true; }
        engine.Report(Severity.Error, place, $"{name}: the value has a line break in it");
        return false;
    }

    /// <summary>
    /// Two features turn the whole host into something else: a submission program that hands everything to the server (reference §9.7), or a client
    /// without mail of its own. What the site has defined itself stays.
    /// </summary>
    private void SetRoles()
    {
        void Unless(string name, string text)
        {
            if (engine.Find(name) is null) { engine.Define(name, text, new M4Place(fileName, 0)); }
        }
        if (site.HasFeature("msp"))
        {
            string queue = Value("MSP_QUEUE_DIR")?.Text ?? "/var/spool/clientmqueue";
            foreach ((string name, string text) in (ReadOnlySpan<(string, string)>)[
                ("confUSE_MSP", "True"), ("confDELIVERY_MODE", "i"), ("confQUEUE_FILE_MODE", "0660"), ("confPRIVACY_FLAGS", "goaway,noetrn,restrictqrun"), ("QUEUE_DIR", queue),
                ("STATUS_FILE", queue + "/sm-client.st"), ("confPID_FILE", queue + "/sm-client.pid"), ("confRUN_AS_USER", "smmsp"), ("confTRUSTED_USER", "smmsp"),
                ("confDONT_INIT_GROUPS", "True"), ("confDONT_PROBE_INTERFACES", "True"), ("confFORWARD_PATH", ""), ("ALIAS_FILE", ""), ("confCF_VERSION", "Submit")])
            {
                Unless(name, text);
            }
            if (site.DaemonOptions.Count == 0) { site.DaemonOptions.Add(("Name=NoMTA, Addr=127.0.0.1, M=E", default)); }
            if (!site.HasFeature("no_default_msa")) { site.Features.Add(("no_default_msa", [], default)); }
        }
        if (site.FeatureArguments("nullclient") is [{ Length: > 0 } hub, ..])
        {
            Unless("SMART_HOST", hub);
            Unless("MAIL_HUB", hub);
            site.MasqueradeAs ??= hub;
        }
        if (site.Mailers.Count == 0 && (site.HasFeature("msp") || site.HasFeature("nullclient"))) { site.Mailers.AddRange([("local", default), ("smtp", default)]); }
    }

    private void CheckNames()
    {
        foreach ((string name, string remedy) in McDefines.Obsolete)
        {
            if (engine.Find(name) is { } old) { engine.Report(Severity.Warning, old.Place, $"{name} is obsolete and has no effect", remedy); }
        }
        foreach (string name in engine.Names.Where(static n => n.StartsWith("conf", StringComparison.Ordinal) && n.Length > 4 && char.IsAsciiLetterUpper(n[4])).Order(StringComparer.Ordinal).ToList())
        {
            if (McDefines.Known.Contains(name, StringComparer.Ordinal) || engine.Find(name) is not { } unknown || string.IsNullOrEmpty(unknown.Place.File)) { continue; }
            engine.Report(Severity.Error, unknown.Place, $"unknown name `{name}'", NameSuggestion.Remedy(name, McDefines.Known));
        }
    }

    private void WriteNames()
    {
        foreach ((string name, string macro) in McDefines.Macros)
        {
            if (Value(name) is not { } value || string.IsNullOrEmpty(value.Place.File) || !OnOneLine(name, value.Text, value.Place)) { continue; }
            Line($"D{macro}{value.Text}", value.Place);
        }
        if (site.HasFeature("msp")) { Line($"D{{MTAHost}}{(site.FeatureArguments("msp") is [{ Length: > 0 } host, ..] ? host : "[127.0.0.1]")}"); }
        if (site.MasqueradeAs is { } masquerade) { Line($"DM{OneLine(masquerade)}", site.MasqueradePlace); }
        Line("Cwlocalhost");
        foreach ((string name, string words, M4Place place) in site.Classes) { Line($"C{name}{words}", place); }
        if (Value("confTRUSTED_USERS") is { } trusted) { Line($"T{OneLine(trusted.Text)}", trusted.Place); }
        if (site.HasFeature("use_cw_file")) { Line($"Fw{PathOf("confCW_FILE", "local-host-names")}"); }
        if (site.HasFeature("use_ct_file")) { Line($"Ft{PathOf("confCT_FILE", "trusted-users")}"); }
        string relay = PathOf("confCR_FILE", "relay-domains");
        Line(relay.StartsWith("-o", StringComparison.Ordinal) ? $"FR{relay}" : $"FR-o {relay}");
        foreach ((string name, string file, M4Place place) in site.ClassFiles) { Line($"F{name}{OneLine(file)}", place); }
    }

    private string PathOf(string name, string file) => OneLine(Value(name)?.Text ?? (Value("MAIL_SETTINGS_DIR")?.Text ?? "/etc/mail/") + file);

    private void WriteOptions()
    {
        foreach (McDefine define in McDefines.Options)
        {
            CfOptionDefinition option = CfOptionTable.Find(define.Option)!;
            if (Value(define.Name) is not { } value)
            {
                if (define.Default is not null) { Line($"O {option.Name}={define.Default}"); }
                continue;
            }
            if (!OnOneLine(define.Name, value.Text, value.Place)) { continue; }
            if (option.Problem(value.Text) is { } problem) { engine.Report(Severity.Error, value.Place, $"{define.Name}: {problem}", option.Remedy(value.Text)); }
            Line($"O {option.Name}={value.Text}", value.Place);
        }
        foreach ((string daemon, M4Place place) in site.DaemonOptions) { Line($"O DaemonPortOptions={OneLine(daemon)}", place); }
        if (site.DaemonOptions.Count == 0) { Line("O DaemonPortOptions=Name=MTA"); }
        if (!site.HasFeature("no_default_msa")) { Line("O DaemonPortOptions=Port=587, Name=MSA, M=E"); }
        foreach ((string client, M4Place place) in site.ClientOptions) { Line($"O ClientPortOptions={OneLine(client)}", place); }
        string filters = Value("confINPUT_MAIL_FILTERS")?.Text ?? string.Join(", ", site.Milters.Where(static m => m.Active).Select(static m => m.Name));
        if (filters.Length > 0) { Line($"O InputMailFilters={OneLine(filters)}"); }
    }

    private void WriteFeatures()
    {
        foreach ((string name, IReadOnlyList<string> arguments, M4Place place) in site.Features)
        {
            // These are no more than the lines that they have already become.
            if (name is "no_default_msa" or "use_cw_file" or "use_ct_file") { continue; }
            Line(arguments.Count == 0 ? $"O Feature.{name}" : $"O Feature.{name}={CfText.ProtectComment(CfFeature.Format(arguments))}", place);
        }
    }

    private void WriteHeaders()
    {
        if (Value("confRECEIVED_HEADER") is { } received) { Line($"HReceived: {received.Text}", received.Place); }
        if (Value("confFROM_HEADER") is { } from)
        {
            Line($"H?F?Resent-From: {from.Text}", from.Place);
            Line($"H?F?From: {from.Text}", from.Place);
        }
        if (Value("confMESSAGEID_HEADER") is { } id)
        {
            Line($"H?M?Resent-Message-Id: {id.Text}", id.Place);
            Line($"H?M?Message-Id: {id.Text}", id.Place);
        }
    }

    private void WriteGroups()
    {
        foreach ((string name, string equates, M4Place place) in site.QueueGroups) { Line($"Q{OneLine(name)}, {OneLine(equates)}", place); }
        foreach ((string name, string equates, _, M4Place place) in site.Milters) { Line($"X{OneLine(name)}, {OneLine(equates)}", place); }
    }

    private void WriteMailers()
    {
        foreach ((string name, M4Place place) in site.Mailers)
        {
            foreach (McMailer mailer in McMailers.ByName[name]) { Mailer(Adjusted(mailer), place); }
        }
    }

    /// <summary>What features make of the local mailers.</summary>
    private McMailer Adjusted(McMailer mailer)
    {
        if (site.HasFeature("msp")) { return Submission(mailer); }
        if (mailer.Name == "local" && site.HasFeature("nullclient")) { mailer = mailer with { FixedFlags = "lsDFM5q" }; }
        if (mailer.Name == "prog" && site.HasFeature("smrsh"))
        {
            string path = site.FeatureArguments("smrsh") is [{ } given, ..] ? given : (Value("confEBINDIR")?.Text ?? "/usr/libexec") + "/smrsh";
            return mailer with { Path = path, Arguments = "smrsh -c $u" };
        }
        if (mailer.Name != "local") { return mailer; }
        if (site.HasFeature("virtual_mailboxes")) { return mailer with { Path = "[MAILDIR]", Flags = "Pn9", Arguments = "MAILDIR $u" }; }
        if (site.HasFeature("local_lmtp"))
        {
            IReadOnlyList<string> given = site.FeatureArguments("local_lmtp");
            string path = given.Count > 0 && given[0].Length > 0 ? given[0] : (Value("confEBINDIR")?.Text ?? "/usr/libexec") + "/mail.local";
            return mailer with { Path = path, Flags = "PSXmnz9", Types = "DNS/RFC822/SMTP", Arguments = given.Count > 1 ? given[1] : "mail.local -l" };
        }
        if (site.HasFeature("local_procmail"))
        {
            IReadOnlyList<string> given = site.FeatureArguments("local_procmail");
            return mailer with
            {
                Path = given.Count > 0 && given[0].Length > 0 ? given[0] : "/usr/bin/procmail",
                Arguments = given.Count > 1 && given[1].Length > 0 ? given[1] : "procmail -Y -a $h -d $u",
                Flags = given.Count > 2 ? given[2] : "SPfhn9",
            };
        }
        return mailer;
    }

    /// <summary>Of a submission program every mailer speaks to the server: host and port are those of the feature.</summary>
    private McMailer Submission(McMailer mailer)
    {
        IReadOnlyList<string> given = site.FeatureArguments("msp");
        string port = given.Count > 1 && given[1].Length > 0 ? (given[1] == "MSA" ? " 587" : $" {given[1]}") : "";
        string flags = mailer.Name switch
        {
            "local" => "lmDFMuXkw5",
            "prog" => "lmDFMuXk5",
            "relay" => mailer.FixedFlags + "k",
            _ => mailer.FixedFlags + "k5",
        };
        return mailer with { Path = "[IPC]", FixedFlags = flags, Flags = "", Arguments = $"TCP $h{port}", Types = "DNS/RFC822/SMTP" };
    }

    private void Mailer(McMailer mailer, M4Place place)
    {
        // LOCAL_SHELL_PATH, but LOCAL_MAILER_PATH: the shell's names have no MAILER in them.
        string prefix = mailer.Prefix == "LOCAL_SHELL" ? mailer.Prefix : mailer.Prefix + "_MAILER";
        string Site(string suffix, string whenMissing) => OneLine(Value($"{prefix}_{suffix}")?.Text ?? whenMissing);
        string flags = mailer.FixedFlags + Modified(Site("FLAGS", mailer.Flags), site.MailerFlags.GetValueOrDefault(mailer.Prefix, ""));
        // M=size, m=messages per connection, r=recipients per message, C=charset, Q=queue group, E=end of line.
        string more = string.Concat(((ReadOnlySpan<(string Suffix, string Key)>)[("MAX", "M"), ("MAXMSGS", "m"), ("MAXRCPTS", "r"), ("CHARSET", "C"), ("QGRP", "Q"), ("EOL", "E")]).ToArray()
            .Select(pair => Site(pair.Suffix, "") is { Length: > 0 } value ? $", {pair.Key}={value}" : ""));
        Line($"M{mailer.Name}, P={Site("PATH", mailer.Path)}, F={flags}, {mailer.Rulesets}{more},", place);
        Line($"\tT={mailer.Types}, A={Site("ARGS", mailer.Arguments)}", place);
    }

    /// <summary><c>+xy</c> adds, <c>-xy</c> takes away, anything else replaces.</summary>
    private static string Modified(string flags, string change)
    {
        if (change.Length == 0) { return flags; }
        return change[0] switch
        {
            '+' => flags + string.Concat(change.Skip(1).Where(c => !flags.Contains(c, StringComparison.Ordinal))),
            '-' => string.Concat(flags.Where(c => !change.AsSpan(1).Contains(c))),
            _ => change,
        };
    }

    private void WriteRulesets()
    {
        foreach ((int diversion, string name) in (ReadOnlySpan<(int, string)>)[(2, "Local_rule_3"), (1, "Local_net_config"), (3, "Local_rule_0"), (4, "Local_uucp"), (8, "Local_dnsbl")])
        {
            string rules = engine.Output.Take(diversion);
            if (string.IsNullOrWhiteSpace(rules)) { continue; }
            Line($"S{name}");
            Lines(rules);
        }
        string rulesets = engine.Output.Take(9);
        if (!string.IsNullOrWhiteSpace(rulesets)) { Lines(rulesets); }
    }
}
