using System.Globalization;

namespace Postrider.Sendmail.Cf;

/// <summary>Reads <c>O</c> lines: by name, by abbreviation, by letter.</summary>
internal sealed class CfOptionReader(CfReport report)
{
    // The old form of Timeout without names sets these. Sendmail Installation and Operation Guide, "Read timeouts".
    private static readonly string[] OldTimeouts = ["mail", "rcpt", "datainit", "datablock", "datafinal", "command"];

    internal CfLine? Read(int line, string raw, string content)
    {
        if (content.Length == 0) { return report.Refuse("readcf: unknown option name 0x0"); }
        if (content[0] == ' ') { return ByName(line, raw, content[1..]); }
        if (content[0] == 'M') { return CfName.Read(content[1..].TrimStart(CfText.Blanks), isLimited: true, report, out string macro) is { } name ? new CfMacro(line, raw, name, macro) : null; }
        if (content[0] == 'g') { return report.Reject("option g: a group by itself is not served", "O DefaultUser=user:group"); }
        if (CfOptionTable.Find(content[0]) is { } byLetter) { return Checked(line, raw, byLetter, content[1..].TrimStart(CfText.Blanks)); }
        return report.Refuse(string.Create(CultureInfo.InvariantCulture, $"readcf: unknown option name 0x{(int)content[0]:x}"));
    }

    private CfLine? ByName(int line, string raw, string content)
    {
        int equal = content.IndexOf('=', StringComparison.Ordinal);
        string name = (equal < 0 ? content : content[..equal]).Trim(CfText.Blanks);
        string value = equal < 0 ? "" : content[(equal + 1)..].TrimStart(CfText.Blanks);
        if (name.Length == 0) { return report.Refuse("readcf: null option name"); }
        if (CfOptionTable.Find(name) is { } exact) { return Checked(line, raw, exact, value); }
        // What follows a dot is the business of Timeout and Milter; sendmail does not look at it for any other.
        string main = name.Split('.')[0];
        bool hasParts = main.Equals("Timeout", StringComparison.OrdinalIgnoreCase) || main.Equals("Milter", StringComparison.OrdinalIgnoreCase);
        if (!hasParts && CfOptionTable.Find(main) is { } whole) { return Checked(line, raw, whole, value); }
        IReadOnlyList<CfOptionDefinition> abbreviated = hasParts ? [] : CfOptionTable.Abbreviated(main);
        if (abbreviated.Count == 1)
        {
            report.Say($"Option {main} used as abbreviation for {abbreviated[0].Name}");
            return Checked(line, raw, abbreviated[0], value);
        }
        if (abbreviated.Count > 1) { report.Refuse($"readcf: ambiguous option name {main} (matches {abbreviated[0].Name} and {abbreviated[1].Name})"); }
        else { report.Refuse(Unknown(name), CfOptionTable.Suggestion(name)); }
        return new CfOption(line, raw, name, value, null);
    }

    private static string Unknown(string name)
    {
        string[] parts = name.Split('.', 2);
        if (parts[0].Equals("Timeout", StringComparison.OrdinalIgnoreCase)) { return $"settimeout: invalid timeout {parts[1]}"; }
        if (!parts[0].Equals("Milter", StringComparison.OrdinalIgnoreCase)) { return $"readcf: unknown option name {parts[0]}"; }
        return parts.Length == 1 ? "milter_set_option: invalid Milter option, must specify suboption" : $"milter_set_option: invalid Milter option {parts[1]}";
    }

    private CfOption Checked(int line, string raw, CfOptionDefinition definition, string value)
    {
        var option = new CfOption(line, raw, definition.Name, value, definition);
        if (definition.Type == CfOptionType.OldTimeouts) { return option with { Parts = definition.Name == "Timeout" ? Timeouts(option) : QueueTimeouts(option) }; }
        CfOptionCheck.Check(option, report);
        return option;
    }

    /// <summary><c>Or5m</c>, <c>O Timeout=helo=3m,mail=5m</c>.</summary>
    private List<CfOption> Timeouts(CfOption option)
    {
        var parts = new List<CfOption>();
        foreach (string part in CfValue.List(option.Value))
        {
            int equal = part.IndexOf('=', StringComparison.Ordinal);
            foreach (string name in equal < 0 ? OldTimeouts : [part[..equal]]) { Add(parts, option, name, part[(equal + 1)..]); }
        }
        return parts;
    }

    /// <summary><c>OT5d/4h</c>.</summary>
    private List<CfOption> QueueTimeouts(CfOption option)
    {
        var parts = new List<CfOption>();
        string[] values = option.Value.Split('/', 2);
        Add(parts, option, "queuereturn", values[0]);
        if (values.Length > 1) { Add(parts, option, "queuewarn", values[1]); }
        return parts;
    }

    private void Add(List<CfOption> parts, CfOption option, string name, string value)
    {
        if (CfOptionTable.Find("Timeout." + name) is not { Type: CfOptionType.Interval or CfOptionType.Integer } definition) { report.Refuse($"settimeout: invalid timeout {name}", CfOptionTable.Suggestion("Timeout." + name)); }
        else { parts.Add(Checked(option.Line, option.Raw, definition, value)); }
    }
}
