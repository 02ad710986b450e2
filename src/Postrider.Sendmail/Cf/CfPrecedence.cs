namespace Postrider.Sendmail.Cf;

/// <summary><c>P</c>: a word of the Precedence: field and its value.</summary>
public sealed record CfPrecedence(int Line, string Raw, string Name, int Value) : CfLine(Line, Raw);
