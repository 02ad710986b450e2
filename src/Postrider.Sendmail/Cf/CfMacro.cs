namespace Postrider.Sendmail.Cf;

/// <summary><c>D</c>: defines a macro.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">One character, or the long name without braces.</param>
/// <param name="Value">The text, unexpanded.</param>
public sealed record CfMacro(int Line, string Raw, string Name, string Value) : CfLine(Line, Raw);
