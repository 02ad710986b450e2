namespace Postrider.Sendmail.Cf;

/// <summary><c>Q</c>: a queue group.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Equates">What it says, by the first character of each key (<c>P F R I J N r S</c>).</param>
public sealed record CfQueueGroup(int Line, string Raw, string Name, IReadOnlyDictionary<char, string> Equates) : CfLine(Line, Raw);
