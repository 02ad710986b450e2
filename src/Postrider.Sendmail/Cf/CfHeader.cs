namespace Postrider.Sendmail.Cf;

/// <summary><c>H</c>: a header field to add, or the ruleset that checks it.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Field">The field name; <c>*</c> for all fields not named otherwise.</param>
/// <param name="Flags">Mailer flags between question marks; the field is added only for mailers that have one. Empty: always.</param>
/// <param name="Condition">Macro that must be set, without <c>${}</c>, or null.</param>
/// <param name="Value">The template, or empty.</param>
/// <param name="Ruleset">The checking ruleset of <c>$&gt;</c>, or null.</param>
/// <param name="KeepComments"><c>$&gt;+</c>: comments are not taken out before the check.</param>
public sealed record CfHeader(int Line, string Raw, string Field, string Flags, string? Condition, string Value, string? Ruleset, bool KeepComments) : CfLine(Line, Raw);
