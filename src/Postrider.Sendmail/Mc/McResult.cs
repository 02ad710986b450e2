namespace Postrider.Sendmail.Mc;

/// <summary>What compiling an <c>.mc</c> gave.</summary>
/// <param name="CfText">The <c>.cf</c>, one char per octet: write it as Latin-1. Of no use if <see cref="Succeeded"/> is false.</param>
/// <param name="Diagnostics">Everything found, in order.</param>
public sealed record McResult(string CfText, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>True if nothing found is an error.</summary>
    public bool Succeeded => !Diagnostics.Any(static d => d.Severity == Severity.Error);
}
