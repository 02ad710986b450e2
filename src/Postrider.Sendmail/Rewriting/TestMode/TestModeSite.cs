using Postrider.Sendmail.Cf;

namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>What an address test works on: a cf file, compiled, with its surroundings. Macros and classes change while it runs; nobody else may have them then.</summary>
public sealed record TestModeSite
{
    /// <summary>The cf file: its mailers and header lines are read from here.</summary>
    public required CfDocument Document { get; init; }

    /// <summary>Its rulesets.</summary>
    public required RewritingEngine Engine { get; init; }

    /// <summary>Its macros; <c>.D</c> and the rulesets change them.</summary>
    public required MacroTable Macros { get; init; }

    /// <summary>Its classes; <c>.C</c> adds to them.</summary>
    public required ClassTable Classes { get; init; }

    /// <summary>Its maps.</summary>
    public required IMapSource Maps { get; init; }

    /// <summary>Answers <c>/mx</c>, <c>/gethostbyname</c> and <c>/dnslookup</c>; null: there is no resolver.</summary>
    public ITestModeNetwork? Network { get; init; }

    /// <summary>Rulesets that are not in the file; null: none.</summary>
    public Func<string, NativeRuleset?>? Natives { get; init; }

    /// <summary>What <c>?</c> prints; null: a text of our own.</summary>
    public string? Help { get; init; }

    /// <summary>Who runs the test: what <c>/sender</c> falls back to. Default <c>root</c>.</summary>
    public string UserName { get; init; } = "root";
}
