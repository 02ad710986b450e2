namespace Postrider.Sendmail.Cf;

/// <summary><c>C</c>: adds words to a class.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">One character, or the long name without braces; <c>t</c> for a <c>T</c> line.</param>
/// <param name="Words">The words, unexpanded.</param>
public sealed record CfClass(int Line, string Raw, string Name, IReadOnlyList<string> Words) : CfLine(Line, Raw);
