namespace Postrider.Sendmail.Maps;

/// <summary>One alias of an alias file.</summary>
/// <param name="Line">Where its name stands.</param>
/// <param name="Name">As written; letters are folded by whoever looks it up.</param>
/// <param name="Value">What it stands for, continued lines joined.</param>
public sealed record AliasEntry(int Line, string Name, string Value)
{
    /// <summary>Where its last continued line stands.</summary>
    public int LastLine { get; init; } = Line;
}
