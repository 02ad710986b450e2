namespace Postrider.Sendmail.Cf;

/// <summary><c>K</c>: declares a map.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">Its name, case kept; rules find it without regard to case.</param>
/// <param name="Type">The class of the map in lower case: <c>hash</c>, <c>text</c>, <c>dns</c>...</param>
/// <param name="Arguments">Flags and arguments, unparsed.</param>
public sealed record CfMap(int Line, string Raw, string Name, string Type, string Arguments) : CfLine(Line, Raw);
