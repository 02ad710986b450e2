namespace Postrider.Sendmail.Cf;

/// <summary>A comment or an empty line.</summary>
public sealed record CfComment(int Line, string Raw) : CfLine(Line, Raw);
