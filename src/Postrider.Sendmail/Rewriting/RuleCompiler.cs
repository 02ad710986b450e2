using System.Globalization;
using Postrider.Sendmail.Cf;

namespace Postrider.Sendmail.Rewriting;

/// <summary>
/// Reads the macros, classes and rules of a cf file in the order of its lines: a macro in a rule has the value that it had when sendmail came to that line.
/// </summary>
public sealed class RuleCompiler
{
    /// <summary>How many rulesets there can be. sendmail 8.17.</summary>
    public const int MaxRulesets = 200;

    // sendmail 8.17: rulesets below have numbers, those from here on names.
    private const int MaxNumbered = 100;

    private readonly CfDocument _document;
    private readonly MacroTable _macros;
    private readonly ClassTable _classes;
    private readonly Tokenizer _tokenizer;
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<Ruleset> _rulesets = [];
    private readonly Dictionary<string, Ruleset> _byName = new(StringComparer.Ordinal);
    private int _free = MaxRulesets;

    private RuleCompiler(CfDocument document, MacroTable macros, ClassTable classes)
    {
        _document = document;
        _macros = macros;
        _classes = classes;
        _tokenizer = new Tokenizer(Option("OperatorChars", Tokenizer.DefaultOperators), Option("BlankSub", " "));
    }

    /// <summary>Compiles a document.</summary>
    /// <param name="document">The file. What is wrong with it as a file is in its own diagnostics.</param>
    /// <param name="macros">Holds what is set before the file is read (<c>$j $w $m</c>...); gets the file's <c>D</c> lines.</param>
    /// <param name="classes">Holds what is there before the file is read (<c>w</c>); gets the words of the file's <c>C</c> and <c>T</c> lines.</param>
    /// <param name="readClassFile">Reads the words of an <c>F</c> line; null leaves those lines out.</param>
    public static RulesetProgram Compile(CfDocument document, MacroTable macros, ClassTable classes, Func<CfClassFile, IEnumerable<string>>? readClassFile = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(macros);
        ArgumentNullException.ThrowIfNull(classes);
        var compiler = new RuleCompiler(document, macros, classes);
        foreach (CfLine line in document.Lines) { compiler.Read(line, readClassFile); }
        return new RulesetProgram(compiler._rulesets, compiler._byName, compiler._tokenizer, compiler._diagnostics);
    }

    private string Option(string name, string whenMissing) => _document.Option(name)?.Value is { Length: > 0 } value ? MacroTemplate.Unquote(value) : whenMissing;

    private string Expand(string text) => MacroTemplate.Expand(MacroTemplate.Read(text), _macros);

    private void Read(CfLine line, Func<CfClassFile, IEnumerable<string>>? readClassFile)
    {
        switch (line)
        {
            case CfMacro macro:
                _macros.Define(macro.Name, MacroTemplate.Unquote(macro.Value));
                break;
            case CfClass words:
                foreach (string word in words.Words) { AddWord(words.Name, word); }
                break;
            case CfClassFile file when readClassFile is not null:
                foreach (string word in readClassFile(file)) { _classes.Add(file.Name, word); }
                break;
            case CfRuleset ruleset:
                _current = Begin(ruleset);
                break;
            case CfRule rule:
                if (_current is { } current) { Add(current, rule); }
                break;
            case CfMailer mailer:
                NameRulesets(mailer.SenderRulesets);
                NameRulesets(mailer.RecipientRulesets);
                break;
            case CfHeader { Ruleset: { } check }:
                Named(check, null);
                break;
            default:
                break;
        }
    }

    /// <summary>A word of a C line; <c>$={other}</c> stands for what another class holds where the line stands (the library's <c>CR$={VirtHost}</c>).</summary>
    private void AddWord(string name, string word)
    {
        if (word.StartsWith("$=", StringComparison.Ordinal))
        {
            foreach (string member in ((IClassSource)_classes).Words(word[2..].Trim('{', '}')).ToArray()) { _classes.Add(name, member); }
            return;
        }
        foreach (string part in CfText.Words(Expand(word))) { _classes.Add(name, part); }
    }

    private Ruleset? _current;

    private void NameRulesets((string Envelope, string Header)? pair)
    {
        if (pair is not { } names) { return; }
        Named(names.Envelope, null);
        Named(names.Header, null);
    }

    private Ruleset? Begin(CfRuleset line)
    {
        string name = Expand(line.Name);
        // sendmail 8.17: S79foo is ruleset 79.
        if (RulesetProgram.Number(name) is { } leading) { name = leading.ToString(CultureInfo.InvariantCulture); }
        if (line.Raw.Contains('=', StringComparison.Ordinal) && line.Number is null)
        {
            Refuse(line, $"bad ruleset definition \"{line.Raw[1..].Trim()}\" (number required after `=')");
            return null;
        }
        if (RulesetProgram.Number(name) is null && !char.IsAsciiLetterOrDigit(name.FirstOrDefault()))
        {
            Refuse(line, $"invalid ruleset name: \"{Metasymbol.Printable(name)}\"");
            return null;
        }
        Ruleset? ruleset = Named(name, line.Number);
        if (ruleset is null) { Refuse(line, _free < MaxNumbered ? $"{name}: too many named rulesets ({MaxRulesets - MaxNumbered} max)" : $"bad ruleset {line.Number?.ToString(CultureInfo.InvariantCulture) ?? name} ({MaxNumbered} max)"); }
        else if (ruleset.Rules.Count > 0) { _diagnostics.Add(new(Severity.Warning, _document.FileName, line.Line, $"WARNING: Ruleset {ruleset.Name} has multiple definitions")); }
        return ruleset;
    }

    private Ruleset? Named(string name, int? number)
    {
        if (name.Length == 0) { return null; }
        if (_byName.TryGetValue(name, out Ruleset? known)) { return known; }
        bool isNumber = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int digits);
        int wanted = isNumber ? digits : number ?? --_free;
        if (wanted < 0 || (isNumber || number is not null ? wanted >= MaxNumbered : wanted < MaxNumbered)) { return null; }
        Ruleset? ruleset = _rulesets.Find(candidate => candidate.Number == wanted);
        if (ruleset is null) { _rulesets.Add(ruleset = new Ruleset(name, wanted)); }
        else if (!isNumber) { ruleset.Name = name; }
        _byName.TryAdd(name, ruleset);
        return ruleset;
    }

    private void Add(Ruleset ruleset, CfRule rule)
    {
        if (NamesPosition0(rule.Left) || NamesPosition0(rule.Right))
        {
            Refuse(rule, NamesPosition0(rule.Left) ? "Inappropriate use of $1-$9 on LHS" : "replacement $0 out of bounds");
            return;
        }
        List<string> left = _tokenizer.Rule(Expand(rule.Left));
        List<string> right = _tokenizer.Rule(Expand(rule.Right));
        if (left.Count == 0 || right.Count == 0)
        {
            Refuse(rule, $"R line: null {(left.Count == 0 ? "LHS" : "RHS")}");
            return;
        }
        var pattern = new Pattern(left);
        if (pattern.Bindings > MatchBindings.Count)
        {
            Refuse(rule, "R line: too many wildcards");
            return;
        }
        foreach (string token in left)
        {
            if (token[0] is Metasymbol.Colon or (>= Metasymbol.Position1 and <= Metasymbol.Position9) or Metasymbol.CallRuleset or Metasymbol.MapBegin or Metasymbol.HostBegin or Metasymbol.MapEnd or Metasymbol.HostEnd or Metasymbol.EndIf)
            {
                string what = token[0] is >= Metasymbol.Position1 and <= Metasymbol.Position9 ? "$1-$9" : Metasymbol.Printable(token);
                Refuse(rule, $"Inappropriate use of {what} on LHS");
            }
        }
        bool asking = false;
        foreach (string token in right)
        {
            char c = token[0];
            if (c is >= Metasymbol.Position1 and <= Metasymbol.Position9 && c - Metasymbol.Position1 >= pattern.Bindings)
            {
                Refuse(rule, $"replacement {Metasymbol.Printable(token)} out of bounds");
                return;
            }
            if (c is Metasymbol.AnyOrNone or Metasymbol.Any or Metasymbol.One or Metasymbol.Class or Metasymbol.NotClass)
            {
                Refuse(rule, $"Inappropriate use of {Metasymbol.Printable(token)[..2]} on RHS");
            }
            if (c is Metasymbol.MapBegin or Metasymbol.HostBegin)
            {
                if (asking) { Refuse(rule, "cannot nest map lookups"); }
                asking = true;
            }
            if (c is Metasymbol.MapEnd or Metasymbol.HostEnd) { asking = false; }
        }
        if (asking) { Refuse(rule, "missing map closing token"); }
        ruleset.Add(new RewriteRule(rule.Line, pattern, new Replacement(right)));
    }

    // A macro cannot be called 0: sendmail takes it for a position.
    private static bool NamesPosition0(string text) => text.Replace("$$", "", StringComparison.Ordinal).Contains("$0", StringComparison.Ordinal);

    private void Refuse(CfLine line, string message) =>
        _diagnostics.Add(new(Severity.Error, _document.FileName, line.Line, message) { SendmailText = Diagnostic.InSendmailsForm(_document.FileName, line.LastLine, message), ExitStatus = 70 });
}
