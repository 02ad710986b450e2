namespace Postrider.Sendmail.Cf;

/// <summary>A line that sendmail refuses.</summary>
public sealed record CfUnknown(int Line, string Raw) : CfLine(Line, Raw);
