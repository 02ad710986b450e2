namespace Postrider.Sendmail.Cf;

/// <summary><c>R</c>: one rule.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Left">The pattern.</param>
/// <param name="Right">The replacement.</param>
/// <param name="Comment">The third column; empty if there is none.</param>
/// <param name="Ruleset">The ruleset it belongs to, or null if no <c>S</c> line came before.</param>
public sealed record CfRule(int Line, string Raw, string Left, string Right, string Comment, CfRuleset? Ruleset) : CfLine(Line, Raw);
