using System.Collections.Frozen;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Rules;

/// <summary>What the cf's rules run on, bound once: the engine, the file's macros and classes, its maps opened, its mailers. Immutable but for what maps read again; thread-safe.</summary>
public sealed record SiteRules
{
    public required RewritingEngine Engine { get; init; }

    /// <summary>The file's macros, those of the session and the transaction not among them. Only read.</summary>
    public required IMacroSource Macros { get; init; }

    public required IClassSource Classes { get; init; }

    public required IMapSource Maps { get; init; }

    /// <summary>M lines by name, letters compared without case.</summary>
    public FrozenDictionary<string, CfMailer> Mailers { get; init; } = FrozenDictionary<string, CfMailer>.Empty;

    /// <summary>H lines that name a ruleset, by field; <c>*</c> for those without one of their own.</summary>
    public FrozenDictionary<string, CfHeader> HeaderChecks { get; init; } = FrozenDictionary<string, CfHeader>.Empty;

    /// <summary>A ruleset that the file does not define is absent, not native.</summary>
    public bool IsClassic { get; init; }

    public Tokenizer Tokenizer => Engine.Program.Tokenizer;

    /// <summary>Whether the file gives this ruleset rules.</summary>
    public bool Defines(string ruleset) => Engine.Program.Find(ruleset) is { Rules.Count: > 0 };

    /// <summary>What one session, or one attempt at delivery, rewrites in.</summary>
    /// <param name="macros">In front of the file's: made with <c>new MacroTable(rules.Macros)</c> or a source of the caller's own.</param>
    /// <param name="hostsMayWait">Addresses are resolved again before anything is final: at RCPT, as in sendmail, whose queue parses them anew.</param>
    public RewriteContext Begin(IMacroSource macros, Func<string, NativeRuleset?>? natives = null, Action<string>? problems = null, bool hostsMayWait = false) =>
        new() { Macros = macros, Classes = Classes, Maps = Maps, Natives = natives, Problems = problems, HostsMayWait = hostsMayWait };
}
