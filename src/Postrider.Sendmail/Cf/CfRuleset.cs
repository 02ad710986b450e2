namespace Postrider.Sendmail.Cf;

/// <summary><c>S</c>: begins a ruleset; the rules that follow belong to it.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">Name or number as written.</param>
/// <param name="Number">The number given by <c>Sname=NN</c> or <c>SNN</c>, or null.</param>
public sealed record CfRuleset(int Line, string Raw, string Name, int? Number) : CfLine(Line, Raw);
