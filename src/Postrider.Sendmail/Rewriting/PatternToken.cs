namespace Postrider.Sendmail.Rewriting;

/// <summary>One token of a pattern.</summary>
/// <param name="Kind">What it matches.</param>
/// <param name="Text">The literal, or the name of the class or macro; empty otherwise.</param>
/// <param name="Binding">Which <c>$n</c> it fills, from 0; -1 for none.</param>
internal readonly record struct PatternToken(PatternKind Kind, string Text, int Binding);
