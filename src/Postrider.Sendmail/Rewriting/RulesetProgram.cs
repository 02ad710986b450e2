using System.Globalization;

namespace Postrider.Sendmail.Rewriting;

/// <summary>Every ruleset of a cf file, compiled. Immutable; thread-safe.</summary>
public sealed class RulesetProgram
{
    private readonly Dictionary<string, Ruleset> _byName;
    private readonly Dictionary<int, Ruleset> _byNumber;

    internal RulesetProgram(IReadOnlyList<Ruleset> rulesets, Dictionary<string, Ruleset> byName, Tokenizer tokenizer, IReadOnlyList<Diagnostic> diagnostics)
    {
        Rulesets = rulesets;
        _byName = byName;
        _byNumber = rulesets.ToDictionary(static ruleset => ruleset.Number);
        Tokenizer = tokenizer;
        Diagnostics = diagnostics;
    }

    /// <summary>The rulesets in the order in which the file names them.</summary>
    public IReadOnlyList<Ruleset> Rulesets { get; }

    /// <summary>Cuts addresses by the file's OperatorChars, joins them by its BlankSub.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>What is wrong with rules, as sendmail words it.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>A ruleset by name (letters as written) or number; null if nothing names it. A name that begins with a digit is the number there, as in sendmail.</summary>
    public Ruleset? Find(string name) => Number(name) is { } number ? IsNumber(number) ? _byNumber.GetValueOrDefault(number) : null : _byName.GetValueOrDefault(name);

    /// <summary>The number that a name begins with, or null.</summary>
    internal static int? Number(string name)
    {
        int digits = 0;
        while (digits < name.Length && char.IsAsciiDigit(name[digits])) { digits++; }
        return digits == 0 ? null : int.TryParse(name.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;
    }

    /// <summary>Whether a ruleset may be called by this number: those from 100 on have names.</summary>
    internal static bool IsNumber(int number) => number < RuleCompiler.MaxRulesets / 2;
}
