namespace Postrider.Mta.Configuration;

/// <summary>What the program of an <c>F|</c> line printed.</summary>
/// <param name="Text">Octet for octet, a char each.</param>
internal sealed record ClassProgramOutput(string Text)
{
    public int ExitCode { get; init; }

    /// <summary>It printed more than is read; it was ended.</summary>
    public bool IsTooLong { get; init; }

    /// <summary>Why there is nothing; null: it ran.</summary>
    public string? Problem { get; init; }
}
