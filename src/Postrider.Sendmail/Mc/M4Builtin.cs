namespace Postrider.Sendmail.Mc;

/// <summary>A macro whose meaning is code.</summary>
/// <param name="Name">Its name, as <c>builtin</c> finds it.</param>
/// <param name="Blind">True: without a parenthesis behind it the name is ordinary text.</param>
/// <param name="TakesBuiltins">True: arguments may be builtins (what <c>defn</c> gives for one), not only text.</param>
/// <param name="Run">Does the work; what it writes with <see cref="M4Call.Expand(string)"/> is read again.</param>
internal sealed record M4Builtin(string Name, bool Blind, bool TakesBuiltins, Action<M4Call> Run);
