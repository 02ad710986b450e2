namespace Postrider.Sendmail.Mc;

/// <summary>A place in the text that m4 reads.</summary>
/// <param name="File">The name of the file; empty before the first and after the last line.</param>
/// <param name="Line">Line number from 1; 0 outside of any file.</param>
public readonly record struct M4Place(string File, int Line);
