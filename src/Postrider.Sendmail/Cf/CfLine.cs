namespace Postrider.Sendmail.Cf;

/// <summary>One logical line of a <c>sendmail.cf</c>: its first physical line and the continuations (lines that begin with blank or tab).</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text exactly as in the file, with the line feeds between physical lines, without the last one.</param>
public record CfLine(int Line, string Raw)
{
    /// <summary>The command letter; <c>#</c> for a comment, a blank for an empty line.</summary>
    public char Command => Raw.Length == 0 || char.IsWhiteSpace(Raw[0]) ? ' ' : Raw[0];

    /// <summary>Number of the last physical line: the one that sendmail tells.</summary>
    public int LastLine => Line + Raw.AsSpan().Count('\n');

    /// <summary>
    /// What the line says: without the command letter, and without a trailing comment (from a <c>#</c> that follows neither <c>$</c> nor <c>\</c>),
    /// <c>\#</c> read as <c>#</c>, blanks at the end taken away; of a physical line with a NUL what is in front of that.
    /// </summary>
    public string Content => CfText.StripComment(CfText.BeforeNul(Raw.Length > 0 ? Raw[1..] : "")).TrimEnd(CfText.Blanks);
}
