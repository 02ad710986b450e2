namespace Postrider.Mta.Aliasing;

/// <summary>What a rebuilding of an alias database came to.</summary>
/// <param name="Lines">What is said to whoever asked for it, in order.</param>
/// <param name="ExitStatus">0 when nothing was wrong with the text; a text that cannot be read is 0 too, as in sendmail.</param>
/// <param name="IsRebuilt">Whether there is a new database.</param>
public sealed record AliasRebuilding(IReadOnlyList<string> Lines, int ExitStatus, bool IsRebuilt);
