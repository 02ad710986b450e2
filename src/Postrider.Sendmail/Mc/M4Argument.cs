namespace Postrider.Sendmail.Mc;

/// <summary>One argument of a macro call.</summary>
/// <param name="Text">The expanded text; empty if the argument is a builtin.</param>
/// <param name="Builtin">The builtin that <c>defn</c> put here, else null.</param>
/// <param name="Place">Where the argument begins.</param>
internal readonly record struct M4Argument(string Text, M4Builtin? Builtin, M4Place Place);
