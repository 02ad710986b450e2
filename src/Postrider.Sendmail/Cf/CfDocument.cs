namespace Postrider.Sendmail.Cf;

/// <summary>
/// A <c>sendmail.cf</c> as it stands: every line with its place, typed views on them, and everything that sendmail would refuse as a diagnostic. Immutable;
/// nothing is expanded, no file is opened.
/// </summary>
public sealed class CfDocument
{
    private readonly string _text;

    private CfDocument(string fileName, string text, IReadOnlyList<CfLine> lines, IReadOnlyList<Diagnostic> diagnostics)
    {
        FileName = fileName;
        _text = text;
        Lines = lines;
        Diagnostics = diagnostics;
    }

    /// <summary>The name under which lines are reported.</summary>
    public string FileName { get; }

    /// <summary>Every logical line in order, comments and empty lines too.</summary>
    public IReadOnlyList<CfLine> Lines { get; }

    /// <summary>What sendmail would refuse or grumble about, all at once, in the order of the lines.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>True if nothing is refused.</summary>
    public bool IsValid => !Diagnostics.Any(static d => d.Severity == Severity.Error);

    /// <summary>Level and vendor of the last <c>V</c> line; level 1 of <c>Berkeley</c> if there is none.</summary>
    public CfVersion Version => Of<CfVersion>().LastOrDefault() ?? new CfVersion(0, "", 1, "Berkeley");

    /// <summary>What is wrong with the file as a whole, in sendmail's words: it is no configuration at all, or of a time long gone. Nothing under our own vendor.</summary>
    public IEnumerable<Diagnostic> Lacks
    {
        get
        {
            if (IsNative) { yield break; }
            if (!Of<CfVersion>().Any())
            {
                const string Old = "Warning: .cf file is out of date: sendmail 8.17.1.9 supports version 10, .cf file is version 0";
                yield return new Diagnostic(Severity.Warning, FileName, 0, Old) { SendmailText = Old };
            }
            const string NoLocal = "No local mailer defined";
            if (Mailer("local") is null) { yield return new Diagnostic(Severity.Error, FileName, 0, NoLocal) { SendmailText = NoLocal, ExitStatus = 70 }; }
        }
    }

    /// <summary>True under <c>V10/Postrider</c>: what the file does not define is there natively.</summary>
    public bool IsNative => string.Equals(Version.Vendor, Vendors.Postrider, StringComparison.OrdinalIgnoreCase);

    /// <summary>The options by their present names: a line in an old form (<c>OT5d/4h</c>) counts as those it stands for.</summary>
    public IEnumerable<CfOption> Options => Of<CfOption>().SelectMany(static option => option.Parts.Count > 0 ? option.Parts : [option]);

    public IEnumerable<CfFeature> Features => Of<CfFeature>();

    public IEnumerable<CfMacro> Macros => Of<CfMacro>();

    public IEnumerable<CfClass> Classes => Of<CfClass>();

    public IEnumerable<CfClassFile> ClassFiles => Of<CfClassFile>();

    public IEnumerable<CfMap> Maps => Of<CfMap>();

    public IEnumerable<CfMailer> Mailers => Of<CfMailer>();

    public IEnumerable<CfHeader> Headers => Of<CfHeader>();

    public IEnumerable<CfRuleset> Rulesets => Of<CfRuleset>();

    public IEnumerable<CfRule> Rules => Of<CfRule>();

    public IEnumerable<CfQueueGroup> QueueGroups => Of<CfQueueGroup>();

    public IEnumerable<CfMilter> Milters => Of<CfMilter>();

    public IEnumerable<CfPrecedence> Precedences => Of<CfPrecedence>();

    public IEnumerable<CfEnvironment> Environment => Of<CfEnvironment>();

    /// <summary>The last option with this full name: a later one replaces an earlier one. Null if there is none.</summary>
    public CfOption? Option(string name) => Options.LastOrDefault(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The last feature with this name, or null.</summary>
    public CfFeature? Feature(string name) => Features.LastOrDefault(feature => feature.Name.Equals(name, StringComparison.Ordinal));

    /// <summary>The last definition of this macro (name without braces), or null.</summary>
    public CfMacro? Macro(string name) => Macros.LastOrDefault(macro => macro.Name.Equals(name, StringComparison.Ordinal));

    /// <summary>The words that <c>C</c> and <c>T</c> lines give to this class, in order, each once; files are not read.</summary>
    public IEnumerable<string> Class(string name) =>
        Classes.Where(c => c.Name.Equals(name, StringComparison.Ordinal)).SelectMany(static c => c.Words).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The last mailer with this name, letters compared without case, or null.</summary>
    public CfMailer? Mailer(string name) => Mailers.LastOrDefault(mailer => mailer.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file's text, octet for octet.</summary>
    public string ToText() => _text;

    /// <summary>Reads a text (one char per octet). Never throws for what the text says.</summary>
    public static CfDocument Parse(string text, string fileName)
    {
        var parser = new CfParser(fileName);
        parser.Read(text);
        return new CfDocument(fileName, text, parser.Lines, parser.Diagnostics);
    }

    private IEnumerable<T> Of<T>()
        where T : CfLine => Lines.OfType<T>();
}
