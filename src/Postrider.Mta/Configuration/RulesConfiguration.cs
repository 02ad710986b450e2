using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Configuration;

/// <summary>What the cf says in sendmail's own language: rulesets compiled, macros and classes filled; maps, mailers and headers as lines. Only read once it is made; thread-safe.</summary>
/// <param name="Document">Every line with its place.</param>
/// <param name="Program">The rulesets.</param>
/// <param name="Macros">What is set before the file is read, and its <c>D</c> lines.</param>
/// <param name="Classes">What is there before the file is read, and its <c>C</c>, <c>T</c> and <c>F</c> lines.</param>
public sealed record RulesConfiguration(CfDocument Document, RulesetProgram Program, MacroTable Macros, ClassTable Classes)
{
    /// <summary>The vendor is another than Postrider: a ruleset that the file does not define is absent, as in sendmail, not native.</summary>
    public bool IsClassic => !Document.IsNative;

    /// <summary>The file says itself how addresses are resolved: both canonify (3) and parse (0) have rules.</summary>
    public bool ResolvesAddresses => Program.Find("3") is { Rules.Count: > 0 } && Program.Find("0") is { Rules.Count: > 0 };

    /// <summary>Not the whole program when a configuration is printed.</summary>
    public override string ToString() => $"{Document.FileName}: {Program.Rulesets.Count} rulesets";
}
