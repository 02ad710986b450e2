namespace Postrider.Sendmail.Cf;

/// <summary><c>O</c>: an option.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">
/// The option's full name in its own spelling, sub-name included (<c>Timeout.queuereturn.urgent</c>, <c>Milter.LogLevel</c>), whether it was written
/// by name, abbreviated or as a letter; as written if there is no such option.
/// </param>
/// <param name="Value">What follows the equal sign, blanks in front of it taken away; empty if there is none.</param>
/// <param name="Definition">Its row in <see cref="CfOptionTable"/>; null for an unknown option.</param>
public sealed record CfOption(int Line, string Raw, string Name, string Value, CfOptionDefinition? Definition) : CfLine(Line, Raw)
{
    /// <summary>The options that one of the old forms stands for (<c>OT5d/4h</c>, <c>Or5m</c>); empty for all others.</summary>
    public IReadOnlyList<CfOption> Parts { get; init; } = [];
}
