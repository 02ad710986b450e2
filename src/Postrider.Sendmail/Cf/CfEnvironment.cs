namespace Postrider.Sendmail.Cf;

/// <summary><c>E</c>: a variable in the environment of children.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value; null means: pass on what the daemon itself was given.</param>
public sealed record CfEnvironment(int Line, string Raw, string Name, string? Value) : CfLine(Line, Raw);
