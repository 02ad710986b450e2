using System.Collections.Immutable;
using Postrider.Sendmail;

namespace Postrider.Mta.Configuration;

/// <summary>What an <c>F</c> line gave.</summary>
/// <param name="Words">In their order, as written; the same one may come twice.</param>
/// <param name="Problems">What was wrong, in sendmail's words where it has some.</param>
public sealed record ClassFileReading(ImmutableArray<string> Words, ImmutableArray<ClassFileProblem> Problems)
{
    public static ClassFileReading Nothing { get; } = new([], []);

    public ClassFileReading And(ClassFileProblem? problem) => problem is null ? this : this with { Problems = Problems.Add(problem) };

    public static ClassFileReading Failed(string message, int exitStatus, string? remedy = null) => new([], [new ClassFileProblem(Severity.Error, message, exitStatus, remedy)]);
}
