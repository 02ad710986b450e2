namespace Postrider.Sendmail.Cf;

/// <summary><c>M</c>: a mailer.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Equates">What it says, by the first character of each key (<c>P F A S R E L M m r U D C T N Q W /</c>); a later one replaces an earlier one.</param>
public sealed record CfMailer(int Line, string Raw, string Name, IReadOnlyDictionary<char, string> Equates) : CfLine(Line, Raw)
{
    /// <summary><c>P=</c>: a program, or <c>[IPC]</c>, <c>[FILE]</c>, <c>[LPC]</c>; ours also <c>[MAILDIR]</c>. Empty if missing.</summary>
    public string Path => Equates.GetValueOrDefault('P', "");

    /// <summary><c>F=</c>: the flag letters, blanks taken out.</summary>
    public string Flags => string.Concat(CfText.Words(Equates.GetValueOrDefault('F', "")));

    /// <summary><c>A=</c>: the argument vector, unexpanded; the first is the program's own name, or <c>TCP</c>, <c>FILE</c>.</summary>
    public IReadOnlyList<string> Arguments => CfText.Words(Equates.GetValueOrDefault('A', ""));

    /// <summary><c>S=</c> as envelope and header ruleset; one name stands for both. Null if not given.</summary>
    public (string Envelope, string Header)? SenderRulesets => Pair('S');

    /// <summary><c>R=</c> as envelope and header ruleset; one name stands for both. Null if not given.</summary>
    public (string Envelope, string Header)? RecipientRulesets => Pair('R');

    /// <summary><c>E=</c> with its escapes (<c>\r \n</c>) read. Default line feed.</summary>
    public string EndOfLine => CfValue.Unescape(Equates.GetValueOrDefault('E', "\\n"));

    /// <summary>A number of octets, messages or recipients: <c>L M m r N</c>. Null if not given or no number.</summary>
    public int? Number(char key) => Equates.TryGetValue(key, out string? text) && int.TryParse(text, out int value) ? value : null;

    private (string Envelope, string Header)? Pair(char key)
    {
        if (!Equates.TryGetValue(key, out string? text)) { return null; }
        string[] parts = text.Split('/', 2, StringSplitOptions.TrimEntries);
        return (parts[0], parts.Length > 1 ? parts[1] : parts[0]);
    }
}
