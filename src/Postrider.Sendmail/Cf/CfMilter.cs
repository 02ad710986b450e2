namespace Postrider.Sendmail.Cf;

/// <summary><c>X</c>: a mail filter.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Equates">What it says, by the first character of each key (<c>S F T</c>).</param>
public sealed record CfMilter(int Line, string Raw, string Name, IReadOnlyDictionary<char, string> Equates) : CfLine(Line, Raw);
