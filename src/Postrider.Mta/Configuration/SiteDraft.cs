using System.Globalization;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;

namespace Postrider.Mta.Configuration;

/// <summary>A configuration while it is being bound: what has been said so far, and what was wrong with it.</summary>
internal sealed class SiteDraft(CfDocument document, BindingHost host)
{
    private readonly List<Diagnostic> diagnostics = [];

    public CfDocument Document { get; } = document;

    public BindingHost Host { get; } = host;

    public SiteConfiguration Site { get; set; } = new() { HostName = host.HostName, Listeners = [], LocalDomains = [] };

    /// <summary>A cf for sendmail itself: it is taken as a whole, and what has no effect here is said but does not keep it from running.</summary>
    public bool IsClassic => !Document.IsNative;

    public IReadOnlyList<Diagnostic> Diagnostics => diagnostics;

    public bool HasErrors => diagnostics.Exists(static found => found.Severity == Severity.Error);

    public void Error(CfLine? line, string message, string? remedy = null) => Report(Severity.Error, line, message, remedy);

    /// <summary>An error that sendmail finds too, with these words and status 70.</summary>
    public void Refuse(CfLine line, string message, string? remedy = null) =>
        diagnostics.Add(new Diagnostic(Severity.Error, Document.FileName, line.Line, message, remedy) { SendmailText = Diagnostic.InSendmailsForm(Document.FileName, line.LastLine, message), ExitStatus = 70 });

    public void Warning(CfLine? line, string message, string? remedy = null) => Report(Severity.Warning, line, message, remedy);

    public void Report(Severity severity, CfLine? line, string message, string? remedy) =>
        diagnostics.Add(new Diagnostic(severity, Document.FileName, line?.Line ?? 0, message, remedy));

    /// <summary>Something that the house does not do: an error in a file of our own, which can leave it out; a warning in a classic one.</summary>
    public void Unserved(CfLine? line, string message, string? remedy = null) => Report(IsClassic ? Severity.Warning : Severity.Error, line, message, remedy);

    /// <summary>How class files are read here; made once.</summary>
    public ClassFileSettings ClassFiles => field ??= ClassFileSettings.Of(Document, Host, Expand);

    public void Add(Diagnostic found) => diagnostics.Add(found);

    public void Add(IEnumerable<Diagnostic> found) => diagnostics.AddRange(found);

    /// <summary>Macros as reading the cf knows them: the last D line, else what the program sets itself.</summary>
    public string? Macro(string name) => Document.Macro(name)?.Value ?? name switch
    {
        "j" => Host.HostName,
        "w" => Host.HostName.Split('.')[0],
        "m" => Host.HostName.IndexOf('.', StringComparison.Ordinal) is >= 0 and int dot ? Host.HostName[(dot + 1)..] : null,
        "n" => "MAILER-DAEMON",
        "v" => ProductVersion.Text,
        _ => null,
    };

    public string Expand(string text) => MacroText.Expand(text, Macro);

    /// <summary>A path, absolute; a relative one is below the configuration file's directory, and said so.</summary>
    public string? FilePath(CfLine line, string value)
    {
        string path = Expand(value).Trim();
        if (path.Length == 0) return null;
        if (Path.IsPathRooted(path)) return Path.GetFullPath(path);
        string absolute = Path.GetFullPath(path, Host.BaseDirectory);
        Warning(line, $"{path} is a relative path: {absolute} is meant", "write the whole path");
        return absolute;
    }

    /// <summary>A number from <paramref name="least"/> on; <paramref name="otherwise"/> when it is none, with an error. In a classic file the number that the value begins with, as sendmail takes it, and no error.</summary>
    public int Number(CfOption option, int least, int otherwise)
    {
        if (int.TryParse(option.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least) return number;
        if (IsClassic)
        {
            int taken = (int)Math.Clamp(CfValue.LeadingInteger(option.Value), int.MinValue, int.MaxValue);
            int used = taken >= least ? taken : taken < 0 ? otherwise : least;
            Warning(option, string.Create(CultureInfo.InvariantCulture, $"option {option.Name}: `{option.Value}' is taken for {used}"));
            return used;
        }

        Error(option, string.Create(CultureInfo.InvariantCulture, $"option {option.Name}: `{option.Value}' is not a number from {least} on"));
        return otherwise;
    }

    /// <summary>A time; zero and less stay as they are for the caller to judge.</summary>
    public TimeSpan Time(CfOption option, TimeSpan otherwise) =>
        string.Equals(option.Value, "now", StringComparison.OrdinalIgnoreCase) ? TimeSpan.Zero
        : CfValue.TryInterval(option.Value, option.Definition?.Unit ?? 's', out TimeSpan time) ? time : otherwise;
}
