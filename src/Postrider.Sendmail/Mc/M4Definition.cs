namespace Postrider.Sendmail.Mc;

/// <summary>The meaning of a macro name: a text, or a builtin.</summary>
internal sealed record M4Definition(string Text, M4Builtin? Builtin, M4Place Place, M4Definition? Hidden)
{
    /// <summary>How many definitions lie below this one (<c>pushdef</c>).</summary>
    internal int Depth { get; } = Hidden is null ? 0 : Hidden.Depth + 1;
}
