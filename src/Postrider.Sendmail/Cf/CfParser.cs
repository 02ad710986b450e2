using System.Globalization;

namespace Postrider.Sendmail.Cf;

/// <summary>Cuts a cf text into typed lines, and collects what sendmail would refuse.</summary>
internal sealed class CfParser(string fileName)
{
    private const int MaxLevel = 10;

    // sendmail 8.17 as Debian builds it, and the ones that reference §4 lists as not compiled there: those are told apart when maps are opened.
    private static readonly HashSet<string> MapTypes = new(StringComparer.Ordinal)
    {
        "hash", "btree", "dbm", "cdb", "text", "implicit", "host", "user", "userdb", "dns", "bestmx", "ldap", "ldapx", "socket", "regex", "arith", "macro",
        "dequote", "sequence", "switch", "null", "program", "syslog", "stab", "arpa", "nis", "nisplus", "hesiod", "netinfo", "ph", "passwd", "bogus", "dprintf", "setopt", "setdebug",
    };

    private readonly List<CfLine> _lines = [];
    private readonly List<Diagnostic> _diagnostics = [];
    private CfRuleset? _ruleset;
    private bool _native;

    internal IReadOnlyList<CfLine> Lines => _lines;

    internal IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    internal void Read(string text)
    {
        foreach ((int number, string raw) in Logical(text)) { _lines.Add(Line(number, raw)); }
    }

    /// <summary>Joins a line with the ones behind it that begin with blank or tab.</summary>
    private static IEnumerable<(int Number, string Raw)> Logical(string text)
    {
        int number = 0;
        int at = 0;
        while (at < text.Length)
        {
            int from = at;
            int first = ++number;
            at = EndOfLine(text, at);
            while (at + 1 < text.Length && text[at + 1] is ' ' or '\t')
            {
                number++;
                at = EndOfLine(text, at + 1);
            }
            yield return (first, text[from..at]);
            at++;
        }
    }

    private static int EndOfLine(string text, int from)
    {
        int end = text.IndexOf('\n', from);
        return end < 0 ? text.Length : end;
    }

    private CfLine Line(int number, string raw)
    {
        var plain = new CfLine(number, raw);
        char command = plain.Command;
        if (raw.Length == 0 || command == '#') { return new CfComment(number, raw); }
        string content = plain.Content;
        CfLine? typed = command switch
        {
            'D' => Macro(number, raw, content),
            'C' => Class(number, raw, content),
            'T' => new CfClass(number, raw, "t", CfText.Words(content)),
            'F' => ClassFile(number, raw, content),
            'K' => Map(number, raw, content),
            'O' => Option(number, raw, content),
            'H' => Header(number, raw, content),
            'M' => Mailer(number, raw, content),
            'S' => Ruleset(number, raw, content),
            'R' => Rule(number, raw, content),
            'P' => Precedence(number, raw, content),
            'V' => Version(number, raw, content),
            'Q' => Named(number, content, static (n, r, name, equates) => new CfQueueGroup(n, r, name, equates), raw),
            'X' => Named(number, content, static (n, r, name, equates) => new CfMilter(n, r, name, equates), raw),
            'E' => Environment(number, raw, content),
            _ => Refuse(number, $"unknown configuration line \"{raw}\""),
        };
        return typed ?? new CfUnknown(number, raw);
    }

    private void Report(Severity severity, int line, string message, string? remedy = null) => _diagnostics.Add(new(severity, fileName, line, message, remedy));

    private CfLine? Refuse(int line, string message, string? remedy = null)
    {
        Report(Severity.Error, line, message, remedy);
        return null;
    }

    private CfLine? Macro(int line, string raw, string content) => CfText.Name(content, out string value) is { } name
        ? new CfMacro(line, raw, name, value) : Refuse(line, "macro name missing or not closed");

    private CfLine? Class(int line, string raw, string content) => CfText.Name(content, out string words) is { } name
        ? new CfClass(line, raw, name, CfText.Words(words.StartsWith('=') ? words[1..] : words)) : Refuse(line, "class name missing or not closed");

    // sendmail 8.17, asked with each form: a quoted source may hold blanks, an unquoted one ends at the first; a map's does not end; a program's format is not read.
    private CfLine? ClassFile(int line, string raw, string content)
    {
        if (CfText.Name(content, out string rest) is not { } name) { return Refuse(line, "class name missing or not closed"); }
        rest = rest.Trim(CfText.Blanks);
        bool optional = rest.StartsWith("-o", StringComparison.Ordinal);
        if (optional) { rest = CfText.BehindWord(rest); }
        if (rest.Length == 0) { return Refuse(line, "fileclass: missing file name"); }
        if (rest.StartsWith("@LDAP", StringComparison.Ordinal)) { return new CfClassFile(line, raw, name, ClassFileKind.Map, LdapClass(name), optional) { MapType = "ldap" }; }
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        int colon = at < 0 ? -1 : rest.IndexOf(':', at);
        if (rest[0] is not ('/' or '|' or '"') && colon > at + 1)
        {
            return new CfClassFile(line, raw, name, ClassFileKind.Map, rest[(colon + 1)..].Trim(CfText.Blanks), optional) { Key = rest[..at], MapType = rest[(at + 1)..colon].ToLowerInvariant() };
        }
        int close = rest[0] == '"' ? rest.IndexOf('"', 1) : -1;
        if (rest[0] == '"' && close < 0) { return Refuse(line, $"illegal filename '{rest}'"); }
        string source = close < 0 ? rest[..^CfText.BehindWord(rest).Length].TrimEnd(CfText.Blanks) : rest[1..close];
        string format = close < 0 ? CfText.BehindWord(rest) : rest[(close + 1)..].TrimStart(CfText.Blanks);
        if (source.StartsWith('|'))
        {
            if (close < 0 && format.Length > 0) { Report(Severity.Warning, line, $"class {name}: the program gets no argument", $"F{name}\"{rest}\""); }
            source = source[1..].Trim(CfText.Blanks);
            return source.Length == 0 ? Refuse(line, "fileclass: missing file name") : new CfClassFile(line, raw, name, ClassFileKind.Program, source, optional);
        }
        if (ClassFileFormat.Parse(format.Length == 0 ? "%s" : format, out string? problem) is not { } read) { return Refuse(line, $"class {name}: {problem}"); }
        if (!read.Takes) { Report(Severity.Warning, line, $"class {name}: format `{format}' takes nothing of any line", "%s"); }
        return new CfClassFile(line, raw, name, ClassFileKind.File, source, optional) { Format = read };
    }

    // The schema of sendmail's own LDAP entries (cf/README, "USING LDAP FOR ALIASES, MAPS, AND CLASSES").
    private static string LdapClass(string name) =>
        $"-k (&(objectClass=sendmailMTAClass)(sendmailMTAClassName={name})(|(sendmailMTACluster=${{sendmailMTACluster}})(sendmailMTAHost=$j))) -v sendmailMTAClassValue";

    private CfLine? Map(int line, string raw, string content)
    {
        string[] parts = content.TrimStart(' ', '\t').Split(CfText.Blanks, 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) { return Refuse(line, "readcf: config K line: no map name"); }
        if (parts.Length == 1) { return Refuse(line, $"readcf: config K line, map {parts[0]}: no map class"); }
        string type = parts[1].ToLowerInvariant();
        if (!MapTypes.Contains(type)) { return Refuse(line, $"readcf: map {parts[0]}: class {parts[1]} not available", NameSuggestion.Remedy(parts[1], MapTypes)); }
        return new CfMap(line, raw, parts[0], type, parts.Length > 2 ? parts[2].Trim(CfText.Blanks) : "");
    }

    private CfLine? Option(int line, string raw, string content)
    {
        if (content.Length == 0) { return Refuse(line, "readcf: null option name"); }
        if (content[0] != ' ')
        {
            string letterValue = content[1..].TrimStart(' ', '\t');
            if (CfOptionTable.Find(content[0]) is not { } byLetter)
            {
                return Refuse(line, string.Create(CultureInfo.InvariantCulture, $"readcf: unknown option name 0x{(int)content[0]:x}"));
            }
            return Checked(new CfOption(line, raw, byLetter.Name, letterValue, byLetter));
        }
        int equal = content.IndexOf('=', StringComparison.Ordinal);
        string name = (equal < 0 ? content : content[..equal]).Trim(CfText.Blanks);
        string value = equal < 0 ? "" : content[(equal + 1)..].TrimStart(' ');
        if (name.Length == 0) { return Refuse(line, "readcf: null option name"); }
        if (name.StartsWith("Feature.", StringComparison.OrdinalIgnoreCase) && _native) { return Feature(line, raw, name["Feature.".Length..], value); }
        if (CfOptionTable.Find(name) is { } exact) { return Checked(new CfOption(line, raw, exact.Name, value, exact)); }
        IReadOnlyList<CfOptionDefinition> abbreviated = CfOptionTable.Abbreviated(name);
        if (abbreviated.Count == 1)
        {
            Report(Severity.Warning, line, $"option {name} used as abbreviation for {abbreviated[0].Name}");
            return Checked(new CfOption(line, raw, abbreviated[0].Name, value, abbreviated[0]));
        }
        if (abbreviated.Count > 1) { Refuse(line, $"readcf: ambiguous option name {name} (matches {abbreviated[0].Name} and {abbreviated[1].Name})"); }
        else if (name.StartsWith("Timeout.", StringComparison.OrdinalIgnoreCase))
        {
            Refuse(line, $"settimeout: invalid timeout {name["Timeout.".Length..]}", CfOptionTable.Suggestion(name));
        }
        else
        {
            string main = name.Split('.')[0];
            Refuse(line, $"readcf: unknown option name {main}", CfOptionTable.Suggestion(name));
        }
        return new CfOption(line, raw, name, value, null);
    }

    private CfOption Checked(CfOption option)
    {
        if (option.Definition!.Type == CfOptionType.PortOptions)
        {
            DaemonPortOptions.Parse(option.Value, (severity, message, remedy) => Report(severity, option.Line, $"{option.Name}: {message}", remedy));
        }
        if (option.Definition.Problem(option.Value) is not { } problem) { return option; }
        // sendmail takes the number that a value begins with, and any boolean for false: we say so and go on. Words it does not know it refuses.
        Severity severity = option.Definition.Type is CfOptionType.List or CfOptionType.Interval ? Severity.Error : Severity.Warning;
        Report(severity, option.Line, problem, option.Definition.Remedy(option.Value));
        return option;
    }

    private CfLine? Feature(int line, string raw, string name, string value)
    {
        if (CfFeature.Parse(value) is { } arguments) { return new CfFeature(line, raw, name, arguments); }
        return Refuse(line, $"feature {name}: a quoted argument is not closed, or not followed by a comma");
    }

    private CfLine? Header(int line, string raw, string content)
    {
        string flags = "";
        string? condition = null;
        if (content.StartsWith('?'))
        {
            int end = content.IndexOf('?', 1);
            if (end < 0) { return Refuse(line, $"header syntax error, line \"{content}\""); }
            string between = content[1..end];
            content = content[(end + 1)..];
            if (between.StartsWith('$')) { condition = CfText.Name(between[1..], out _); } else { flags = between; }
        }
        int colon = content.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0) { return Refuse(line, $"header syntax error, line \"{content}\""); }
        string field = content[..colon].TrimEnd(' ', '\t');
        string value = content[(colon + 1)..];
        string trimmed = value.TrimStart(CfText.Blanks);
        if (!trimmed.StartsWith("$>", StringComparison.Ordinal)) { return new CfHeader(line, raw, field, flags, condition, value.TrimStart(' ', '\t'), null, false); }
        string ruleset = trimmed[2..].Trim(CfText.Blanks);
        bool keep = ruleset.StartsWith('+');
        return new CfHeader(line, raw, field, flags, condition, "", keep ? ruleset[1..].TrimStart(' ', '\t') : ruleset, keep);
    }

    private CfLine? Mailer(int line, string raw, string content)
    {
        if (Equates(content) is not { } parsed) { return Refuse(line, "name required for mailer"); }
        // sendmail 8.17, oracle 86: the argument vector is missed first.
        if (!parsed.Equates.ContainsKey('A')) { Refuse(line, $"M{parsed.Name}: A= argument required"); }
        else if (!parsed.Equates.ContainsKey('P')) { Refuse(line, $"M{parsed.Name}: P= argument required"); }
        return new CfMailer(line, raw, parsed.Name, parsed.Equates);
    }

    private CfLine? Named(int line, string content, Func<int, string, string, IReadOnlyDictionary<char, string>, CfLine> make, string raw) =>
        Equates(content) is { } parsed ? make(line, raw, parsed.Name, parsed.Equates) : Refuse(line, $"name required for {raw[0]} line");

    private static (string Name, Dictionary<char, string> Equates)? Equates(string content)
    {
        int comma = content.IndexOf(',', StringComparison.Ordinal);
        string name = (comma < 0 ? content : content[..comma]).Trim(CfText.Blanks);
        if (name.Length == 0) { return null; }
        var equates = new Dictionary<char, string>();
        if (comma < 0) { return (name, equates); }
        foreach (string part in SplitEquates(content[(comma + 1)..]))
        {
            string trimmed = part.Trim(CfText.Blanks);
            int equal = trimmed.IndexOf('=', StringComparison.Ordinal);
            if (equal > 0) { equates[trimmed[0]] = trimmed[(equal + 1)..].Trim(CfText.Blanks); }
        }
        return (name, equates);
    }

    // A comma ends a value unless a backslash stands before it.
    private static IEnumerable<string> SplitEquates(string text)
    {
        var part = new System.Text.StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == ',') { part.Append(text[++i]); }
            else if (text[i] == ',') { yield return part.ToString(); part.Clear(); }
            else { part.Append(text[i]); }
        }
        yield return part.ToString();
    }

    private CfRuleset? Ruleset(int line, string raw, string content)
    {
        string[] parts = content.Trim(CfText.Blanks).Split('=', 2, StringSplitOptions.TrimEntries);
        string name = parts[0];
        if (name.Length == 0) { Refuse(line, "ruleset name missing"); return null; }
        int? number = int.TryParse(parts.Length > 1 ? parts[1] : name, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
        return _ruleset = new CfRuleset(line, raw, name, number);
    }

    private CfLine? Rule(int line, string raw, string content)
    {
        int tab = content.IndexOf('\t', StringComparison.Ordinal);
        // sendmail 8.17, oracle 86.
        if (tab < 0) { return Refuse(line, $"invalid rewrite line \"{raw}\" (tab expected)"); }
        string left = content[..tab];
        string right = content[tab..].TrimStart('\t');
        int next = right.IndexOf('\t', StringComparison.Ordinal);
        string comment = next < 0 ? "" : right[next..].TrimStart('\t');
        if (next >= 0) { right = right[..next]; }
        CheckReplacements(line, left, right);
        return new CfRule(line, raw, left, right, comment, _ruleset);
    }

    /// <summary>A <c>$n</c> on the right needs as many matching operators on the left. sendmail 8.17, oracle 86.</summary>
    private void CheckReplacements(int line, string left, string right)
    {
        int operators = 0;
        for (int i = 0; i + 1 < left.Length; i++)
        {
            if (left[i] != '$') { continue; }
            if (left[i + 1] is '*' or '+' or '-' or '@' or '=' or '~') { operators++; }
            i++;
        }
        for (int i = 0; i + 1 < right.Length; i++)
        {
            if (right[i] != '$') { continue; }
            char c = right[++i];
            if (c is >= '1' and <= '9' && c - '0' > operators) { Refuse(line, $"replacement ${c} out of bounds"); return; }
            if (c == '&') { i++; }
        }
    }

    private CfLine? Precedence(int line, string raw, string content)
    {
        int equal = content.IndexOf('=', StringComparison.Ordinal);
        if (equal <= 0) { return Refuse(line, $"precedence without value: \"{raw}\""); }
        _ = CfValue.TryInteger(content[(equal + 1)..], out long value);
        return new CfPrecedence(line, raw, content[..equal].Trim(CfText.Blanks), (int)Math.Clamp(value, int.MinValue, int.MaxValue));
    }

    private CfLine? Version(int line, string raw, string content)
    {
        string[] parts = content.Trim(CfText.Blanks).Split('/', 2, StringSplitOptions.TrimEntries);
        _ = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int level);
        if (level > MaxLevel) { Report(Severity.Warning, line, $"configuration is of level {level}, the highest known is {MaxLevel}"); }
        string vendor = parts.Length > 1 ? CfText.Words(parts[1]).FirstOrDefault("") : Vendors.Berkeley;
        if (!Vendors.Known.Contains(vendor, StringComparer.OrdinalIgnoreCase)) { Refuse(line, $"invalid V line vendor code: \"{vendor}\"", NameSuggestion.Remedy(vendor, Vendors.Known)); }
        _native = vendor.Equals(Vendors.Postrider, StringComparison.OrdinalIgnoreCase);
        return new CfVersion(line, raw, level, vendor);
    }

    private static CfEnvironment Environment(int line, string raw, string content)
    {
        int equal = content.IndexOf('=', StringComparison.Ordinal);
        return equal < 0 ? new(line, raw, content.Trim(CfText.Blanks), null) : new(line, raw, content[..equal].Trim(CfText.Blanks), content[(equal + 1)..]);
    }
}
