namespace Postrider.Sendmail.Cf;

/// <summary><c>F</c>: adds words to a class from a file, a program or a map.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">One character, or the long name without braces.</param>
/// <param name="Source">The file name, <c>|program arguments</c>, or <c>key@class:spec</c>.</param>
/// <param name="Optional">An absent file is no error (<c>-o</c>).</param>
/// <param name="Format">The scanf format behind the file name; null means <c>%s</c>.</param>
public sealed record CfClassFile(int Line, string Raw, string Name, string Source, bool Optional, string? Format) : CfLine(Line, Raw);
