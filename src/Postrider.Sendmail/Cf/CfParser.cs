using System.Globalization;

namespace Postrider.Sendmail.Cf;

/// <summary>Cuts a cf text into typed lines, and collects what sendmail would refuse. Never throws for what a text says.</summary>
internal sealed class CfParser
{
    private const int MaxLevel = 10;
    private const string MailerEquates = "ACDEFLMNPQRSTUWmr/";
    private const string QueueEquates = "FIJNPRr";
    private const string FilterEquates = "FST";

    private readonly List<CfLine> _lines = [];
    private readonly CfReport _report;
    private readonly CfOptionReader _options;
    private readonly HashSet<string> _queueGroups = new(StringComparer.Ordinal) { "mqueue" };
    private readonly HashSet<string> _filters = new(StringComparer.Ordinal);
    private CfRuleset? _ruleset;
    private bool _native;

    internal CfParser(string fileName)
    {
        _report = new CfReport(fileName);
        _options = new CfOptionReader(_report);
    }

    internal IReadOnlyList<CfLine> Lines => _lines;

    internal IReadOnlyList<Diagnostic> Diagnostics => _report.Diagnostics;

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
        string content = command == '#' ? "" : plain.Content;
        if (command == '#' || (content.Length == 0 && raw.AsSpan().Trim().IsEmpty)) { return new CfComment(number, raw); }
        _report.At(plain);
        if (raw.Contains('\0', StringComparison.Ordinal)) { _report.Warn("what follows a NUL on a line is not read"); }
        if (!CfName.CheckAll(content, !_native, _report)) { return new CfUnknown(number, raw); }
        CfLine? typed = command switch
        {
            'D' => Name(content, out string value) is { } name ? new CfMacro(number, raw, name, value) : null,
            'C' => Name(content, out string words) is { } name ? new CfClass(number, raw, name, CfText.Words(words)) : null,
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
            'Q' => QueueGroup(number, raw, content),
            'X' => Filter(number, raw, content),
            'E' => Environment(number, raw, content),
            _ => Unknown(raw),
        };
        return typed ?? new CfUnknown(number, raw);
    }

    private CfLine? Unknown(string raw) => _report.Refuse($"unknown configuration line \"{CfText.StripComment(CfText.BeforeNul(raw)).TrimEnd(CfText.Blanks)}\"");

    private string? Name(string content, out string rest) => CfName.Read(content, !_native, _report, out rest);

    // sendmail 8.17, asked with each form: a quoted source may hold blanks, an unquoted one ends at the first; a map's does not end; a program's format is not read.
    private CfLine? ClassFile(int line, string raw, string content)
    {
        if (Name(content, out string rest) is not { } name) { return null; }
        rest = rest.Trim(CfText.Blanks);
        bool optional = rest.StartsWith("-o", StringComparison.Ordinal);
        if (optional) { rest = CfText.BehindWord(rest); }
        if (rest.Length == 0) { return _report.Refuse("fileclass: missing file name"); }
        if (rest.StartsWith("@LDAP", StringComparison.Ordinal)) { return new CfClassFile(line, raw, name, ClassFileKind.Map, LdapClass(name), optional) { MapType = "ldap" }; }
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        int colon = at < 0 ? -1 : rest.IndexOf(':', at);
        if (rest[0] is not ('/' or '|' or '"') && colon > at + 1)
        {
            return new CfClassFile(line, raw, name, ClassFileKind.Map, rest[(colon + 1)..].Trim(CfText.Blanks), optional) { Key = rest[..at], MapType = rest[(at + 1)..colon].ToLowerInvariant() };
        }
        int close = rest[0] == '"' ? rest.IndexOf('"', 1) : -1;
        if (rest[0] == '"' && close < 0) { return _report.Refuse($"illegal filename '{rest}'"); }
        string source = close < 0 ? rest[..^CfText.BehindWord(rest).Length].TrimEnd(CfText.Blanks) : rest[1..close];
        string format = close < 0 ? CfText.BehindWord(rest) : rest[(close + 1)..].TrimStart(CfText.Blanks);
        if (source.StartsWith('|'))
        {
            if (close < 0 && format.Length > 0) { _report.Warn($"class {name}: the program gets no argument", $"F{{{name}}}\"{rest}\""); }
            source = source[1..].Trim(CfText.Blanks);
            return source.Length == 0 ? _report.Refuse("fileclass: missing file name") : new CfClassFile(line, raw, name, ClassFileKind.Program, source, optional);
        }
        if (ClassFileFormat.Parse(format.Length == 0 ? "%s" : format, out string? problem) is not { } read) { return _report.Reject($"class {name}: {problem}"); }
        if (!read.Takes) { _report.Warn($"class {name}: format `{format}' takes nothing of any line", "%s"); }
        return new CfClassFile(line, raw, name, ClassFileKind.File, source, optional) { Format = read };
    }

    // The schema of sendmail's own LDAP entries (cf/README, "USING LDAP FOR ALIASES, MAPS, AND CLASSES").
    private static string LdapClass(string name) =>
        $"-k (&(objectClass=sendmailMTAClass)(sendmailMTAClassName={name})(|(sendmailMTACluster=${{sendmailMTACluster}})(sendmailMTAHost=$j))) -v sendmailMTAClassValue";

    // sendmail 8.17: a name ends where a letter cannot belong to it, and so does a class.
    private CfLine? Map(int line, string raw, string content)
    {
        string rest = content.TrimStart(CfText.Blanks);
        string name = NameOf(rest);
        if (name.Length == 0) { return _report.Refuse("readcf: config K line: no map name"); }
        rest = rest.Length > name.Length ? rest[(name.Length + 1)..].TrimStart(CfText.Blanks) : ""; // whatever ended the name falls out
        string type = NameOf(rest);
        if (type.Length == 0) { return _report.Refuse($"readcf: config K line, map {name}: no map class"); }
        if (!CfMapTypes.Known.Contains(type)) { return _report.Refuse($"readcf: map {name}: class {type} not available", NameSuggestion.Remedy(type, CfMapTypes.Known)); }
        string arguments = rest[type.Length..].Trim(CfText.Blanks);
        return new CfMap(line, raw, name, type.ToLowerInvariant(), arguments);

        static string NameOf(string text) => string.Concat(text.TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.'));
    }

    private CfLine? Option(int line, string raw, string content)
    {
        const string Prefix = " Feature.";
        if (!_native || !content.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) { return _options.Read(line, raw, content); }
        int equal = content.IndexOf('=', StringComparison.Ordinal);
        string name = (equal < 0 ? content : content[..equal])[Prefix.Length..].Trim(CfText.Blanks);
        if (CfFeature.Parse(equal < 0 ? "" : content[(equal + 1)..]) is { } arguments) { return new CfFeature(line, raw, name, arguments); }
        return _report.Reject($"feature {name}: a quoted argument is not closed, or not followed by a comma");
    }

    private CfLine? Header(int line, string raw, string content)
    {
        string flags = "";
        string? condition = null;
        string rest = content;
        if (content.StartsWith('?'))
        {
            int end = content.IndexOf('?', 1);
            if (end < 0) { return _report.Refuse($"header syntax error, line \"{content}\""); }
            string between = content[1..end];
            rest = content[(end + 1)..];
            if (between.Contains('$', StringComparison.Ordinal))
            {
                // One macro and nothing else.
                condition = CfText.Name(between[1..], out string behind);
                if (between[0] != '$' || behind.Length > 0 || condition is null) { return _report.Refuse($"header syntax error, line \"{content}\""); }
            }
            else { flags = between; }
            if (!rest.Contains(':', StringComparison.Ordinal)) { return _report.Refuse($"header syntax error, line \"{content[..end]}\""); }
        }
        int colon = rest.IndexOf(':', StringComparison.Ordinal);
        string field = colon < 0 ? "" : rest[..colon].TrimEnd(CfText.Blanks);
        if (field.Length == 0 || field.AsSpan().ContainsAnyExceptInRange('!', '~') || field.Contains('$', StringComparison.Ordinal))
        {
            int second = content.StartsWith('?') ? content.IndexOf('?', 1) : -1;
            return _report.Refuse($"header syntax error, line \"{(second < 0 ? content : content[..second])}\"");
        }
        string value = rest[(colon + 1)..].TrimStart(CfText.Blanks);
        if (!value.StartsWith("$>", StringComparison.Ordinal)) { return new CfHeader(line, raw, field, flags, condition, value, null, false); }
        string call = value[2..].TrimStart(CfText.Blanks);
        bool keep = call.StartsWith('+');
        return CfName.Ruleset(keep ? call[1..] : call, _report) is { } ruleset ? new CfHeader(line, raw, field, flags, condition, "", ruleset, keep) : null;
    }

    private CfLine? Mailer(int line, string raw, string content)
    {
        CfEquates equates = CfEquates.Read(content);
        string name = equates.Name;
        if (name.Length == 0) { return _report.Refuse("name required for mailer"); }
        foreach (char key in equates.Values.Keys.Where(static key => !MailerEquates.Contains(key, StringComparison.Ordinal))) { _report.Refuse($"M{name}: unknown mailer equate {key}="); }
        if (equates.IsBroken) { return _report.Refuse($"mailer {name}: `=' expected"); }
        var mailer = new CfMailer(line, raw, name, equates.Values);
        NotNull('U', "user name");
        NotNull('C', "charset");
        NotNull('E', "end-of-line string");
        if (equates.Values.TryGetValue('Q', out string? group) && !_queueGroups.Contains(group.Trim(CfText.Blanks))) { _report.Refuse($"mailer {name}: unknown queue {group}"); }
        if (equates.Values.TryGetValue('W', out string? wait)) { Interval(wait); }
        foreach (char key in "SR")
        {
            if (equates.Values.TryGetValue(key, out string? rulesets) && !rulesets.Split('/', 2).All(ruleset => CfName.Ruleset(ruleset, _report) is not null)) { return mailer; }
        }

        // sendmail 8.17, oracle 86: the argument vector is missed first.
        if (mailer.Arguments.Count == 0) { _report.Refuse($"M{name}: A= argument required"); }
        else if (mailer.Path.Length == 0) { _report.Refuse($"M{name}: P= argument required"); }
        else if (mailer.Path == "[TCP]") { _report.Refuse($"M{name}: P=[TCP] must be replaced by P=[IPC]"); }
        else if (mailer.Path is "[IPC]" or "[FILE]" && mailer.Arguments.Count < 2) { _report.Refuse($"M{name}: too few parameters for {mailer.Path} mailer"); }
        else if (mailer.Path == "[IPC]" && mailer.Arguments[0] is not ("TCP" or "FILE")) { _report.Grumble($"M{name}: Warning: first argument in [IPC] mailer must be TCP or FILE"); }
        return mailer;

        void NotNull(char key, string what)
        {
            if (equates.Values.TryGetValue(key, out string? text) && text.Length == 0) { _report.Refuse($"mailer {name}: null {what}"); }
        }
    }

    private CfLine? QueueGroup(int line, string raw, string content)
    {
        CfEquates equates = CfEquates.Read(content);
        if (equates.Name.Length == 0 && !equates.IsBroken) { return _report.Refuse("name required for queue"); }
        foreach (char key in equates.Values.Keys.Where(static key => !QueueEquates.Contains(key, StringComparison.Ordinal))) { _report.Refuse($"Q{equates.Name}: unknown queue equate {key}="); }
        if (equates.IsBroken) { return _report.Refuse($"queue {equates.Name}: `=' expected"); }
        if (equates.Values.TryGetValue('P', out string? path) && path.Length == 0) { _report.Refuse($"queue {equates.Name}: empty path name"); }
        if (equates.Values.TryGetValue('I', out string? interval)) { Interval(interval); }
        _queueGroups.Add(equates.Name);
        return new CfQueueGroup(line, raw, equates.Name, equates.Values);
    }

    private CfLine? Filter(int line, string raw, string content)
    {
        CfEquates equates = CfEquates.Read(content);
        string name = equates.Name;
        if (name.Length == 0) { return _report.Refuse("name required for mail filter"); }
        foreach (char key in equates.Values.Keys.Where(static key => !FilterEquates.Contains(key, StringComparison.Ordinal))) { _report.Refuse($"X{name}: unknown filter equate {key}="); }
        if (equates.IsBroken) { return _report.Refuse($"X{name}: `=' expected"); }
        foreach (string timeout in equates.Values.GetValueOrDefault('T', "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!"CSRE".Contains(timeout[0], StringComparison.Ordinal)) { _report.Refuse($"X{name}: unknown filter timeout {timeout[0]}"); }
            else if (timeout.Length < 2 || timeout[1] != ':') { _report.Refuse($"X{name}, T=: `:' expected"); }
            else { Interval(timeout[2..]); }
        }
        if (equates.Values.GetValueOrDefault('S', "").Length == 0) { _report.Refuse($"X{name}: empty or missing socket information"); }
        if (!_filters.Add(name)) { _report.Refuse($"X{name}: duplicate filter definition"); }
        return new CfMilter(line, raw, name, equates.Values);
    }

    private void Interval(string text)
    {
        if (CfOptionCheck.InvalidUnit(text.Trim(CfText.Blanks)) is { } unit) { _report.Say($"Invalid time unit `{unit}'"); }
    }

    private CfLine? Ruleset(int line, string raw, string content)
    {
        string[] parts = content.Trim(CfText.Blanks).Split('=', 2, StringSplitOptions.TrimEntries);
        string name = parts[0];
        if (name.Length == 0) { return _report.Refuse("invalid ruleset name: \"\""); }
        string digits = string.Concat((parts.Length > 1 ? parts[1] : name).TakeWhile(char.IsAsciiDigit));
        int? number = int.TryParse(parts.Length > 1 || digits.Length == name.Length ? digits : "", NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
        return _ruleset = new CfRuleset(line, raw, name, number);
    }

    // What is wrong inside a rule is told when it is compiled.
    private CfLine? Rule(int line, string raw, string content)
    {
        int tab = content.IndexOf('\t', StringComparison.Ordinal);
        if (tab < 0) { return _report.Refuse($"invalid rewrite line \"R{content}\" (tab expected)"); }
        string right = content[tab..].TrimStart('\t');
        int next = right.IndexOf('\t', StringComparison.Ordinal);
        string comment = next < 0 ? "" : right[next..].TrimStart('\t');
        return new CfRule(line, raw, content[..tab], next < 0 ? right : right[..next], comment, _ruleset);
    }

    private CfLine? Precedence(int line, string raw, string content)
    {
        int equal = content.IndexOf('=', StringComparison.Ordinal);
        if (equal < 0) { return Unknown(raw); }
        string number = content[(equal + 1)..];
        if (!CfValue.TryInteger(number, out long value)) { _report.Warn($"precedence {content[..equal]}: `{number}' is not a number"); }
        return new CfPrecedence(line, raw, content[..equal].Trim(CfText.Blanks), (int)Math.Clamp(value, int.MinValue, int.MaxValue));
    }

    private CfLine? Version(int line, string raw, string content)
    {
        string text = content.TrimStart(CfText.Blanks);
        string digits = string.Concat(text.TakeWhile(char.IsAsciiDigit));
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int level)) { return _report.Refuse($"invalid argument to V line: \"{content}\""); }
        if (level > MaxLevel) { _report.Condemn($"Warning: .cf version level ({level}) exceeds sendmail version 8.17.1.9 functionality ({MaxLevel})"); }
        else if (level < MaxLevel && !_native) { _report.Grumble($"Warning: .cf file is out of date: sendmail 8.17.1.9 supports version {MaxLevel}, .cf file is version {level}"); }
        string behind = text[digits.Length..];
        string vendor = behind.StartsWith('/') ? string.Concat(behind.Skip(1).TakeWhile(char.IsAsciiLetter)) : Vendors.Berkeley;
        if (!Vendors.Known.Contains(vendor, StringComparer.OrdinalIgnoreCase)) { _report.Refuse($"invalid V line vendor code: \"{vendor}\"", NameSuggestion.Remedy(vendor, Vendors.Known)); }
        _native = vendor.Equals(Vendors.Postrider, StringComparison.OrdinalIgnoreCase);
        return new CfVersion(line, raw, level, vendor);
    }

    private static CfEnvironment Environment(int line, string raw, string content)
    {
        int equal = content.IndexOf('=', StringComparison.Ordinal);
        return equal < 0 ? new(line, raw, content.Trim(CfText.Blanks), null) : new(line, raw, content[..equal].Trim(CfText.Blanks), content[(equal + 1)..]);
    }
}
