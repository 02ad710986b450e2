namespace Postrider.Sendmail.Mc;

/// <summary>What compiling an <c>.mc</c> gave.</summary>
/// <param name="CfText">The <c>.cf</c>, one char per octet: write it as Latin-1. Of no use if <see cref="Succeeded"/> is false.</param>
/// <param name="Diagnostics">Everything found, in order.</param>
public sealed record McResult(string CfText, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>For each line of <see cref="CfText"/>, the macro call or definition it comes from; default where it is the library's own or not known. Empty for the installed library.</summary>
    public IReadOnlyList<M4Place> Places { get; init; } = [];

    /// <summary>A finding about the cf, told about the <c>.mc</c>: the line that has to be changed is there.</summary>
    /// <param name="found">Its line counts in <see cref="CfText"/>.</param>
    /// <param name="fileName">The <c>.mc</c>, for lines whose place is not known.</param>
    public Diagnostic AtSource(Diagnostic found, string fileName)
    {
        if (found.Line < 1) { return found with { File = fileName }; }
        M4Place place = found.Line <= Places.Count ? Places[found.Line - 1] : default;
        return place.Line > 0
            ? found with { File = place.File, Line = place.Line }
            : found with { File = fileName, Line = 0, Message = $"{found.Message} (line {found.Line} of the cf that is built)" };
    }

    /// <summary>True if nothing found is an error.</summary>
    public bool Succeeded => !Diagnostics.Any(static d => d.Severity == Severity.Error);
}
