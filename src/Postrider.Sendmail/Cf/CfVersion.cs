namespace Postrider.Sendmail.Cf;

/// <summary><c>V</c>: level and vendor.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Level">The level of the language, 1 to 10.</param>
/// <param name="Vendor">The vendor; <c>Berkeley</c> if none is named.</param>
public sealed record CfVersion(int Line, string Raw, int Level, string Vendor) : CfLine(Line, Raw);
