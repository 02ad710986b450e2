namespace Postrider.Sendmail.Mc;

/// <summary>What a run of m4 may cost. Exceeding any of these ends the run with an error that names the limit.</summary>
/// <remarks>The largest file of the sendmail-cf library needs about a hundredth of each default.</remarks>
public sealed record M4Limits
{
    /// <summary>Macro calls nested inside one another's arguments. Default 500.</summary>
    public int Nesting { get; init; } = 500;

    /// <summary>Macro expansions altogether. Default 5,000,000.</summary>
    public long Expansions { get; init; } = 5_000_000;

    /// <summary>Characters read, every rescanning counted. Default 500 million.</summary>
    public long Characters { get; init; } = 500_000_000;

    /// <summary>Characters that one argument, one expansion or one diversion may have. Default 16 Mi.</summary>
    public int Text { get; init; } = 16 << 20;

    /// <summary>Files being included at one moment. Default 100.</summary>
    public int IncludeDepth { get; init; } = 100;

    /// <summary>Definitions hidden under one name by <c>pushdef</c>, and texts kept by <c>m4wrap</c>. Default 100,000.</summary>
    public int Stack { get; init; } = 100_000;
}
