namespace Postrider.Sendmail.Mc;

/// <summary>What a run of m4 gave.</summary>
/// <param name="Text">The output, one char per octet.</param>
/// <param name="ErrorText">What <c>errprint</c> wrote, unchanged. Each of its lines is also a diagnostic.</param>
/// <param name="Diagnostics">Findings in the order in which they were met.</param>
/// <param name="ExitStatus">0; 1 after an error; or what <c>m4exit</c> asked for.</param>
public sealed record M4Result(string Text, string ErrorText, IReadOnlyList<Diagnostic> Diagnostics, int ExitStatus);
