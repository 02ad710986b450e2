namespace Postrider.Sendmail.Rewriting;

/// <summary>What one rewriting sees of the world. One per session or mail transaction; used by one rewriting at a time.</summary>
public sealed class RewriteContext
{
    /// <summary>The macros of <c>$&amp;x</c>; the map <c>macro</c> sets them.</summary>
    public required IMacroSource Macros { get; init; }

    /// <summary>The classes of <c>$=x</c> and <c>$~x</c>.</summary>
    public required IClassSource Classes { get; init; }

    /// <summary>The maps of <c>$( $)</c> and <c>$[ $]</c>.</summary>
    public required IMapSource Maps { get; init; }

    /// <summary>Finds a ruleset written in C# by name, or null. Asked only for what the cf file does not define.</summary>
    public Func<string, NativeRuleset?>? Natives { get; init; }

    /// <summary>
    /// A host name that <c>$[ $]</c> cannot complete now stays as it is and does not make the answer a temporary failure: for whoever will resolve the address again
    /// before anything is final.
    /// </summary>
    public bool HostsMayWait { get; init; }

    /// <summary>Is told each step; null for nobody.</summary>
    public IRewriteTrace? Trace { get; set; }

    /// <summary>Is told what went wrong, in sendmail's words: <c>Infinite loop in ruleset F, rule 1</c>.</summary>
    public Action<string>? Problems { get; init; }

    /// <summary>Is told what is wrong with an address or a value, and why a map cannot answer; null: <see cref="Problems"/> is.</summary>
    public Action<string>? Remarks { get; init; }

    /// <summary>How deep rulesets call each other just now.</summary>
    internal int Depth { get; set; }

    /// <summary>How many rules have matched since the outermost ruleset began.</summary>
    internal int Matches { get; set; }

    internal void Report(string problem) => Problems?.Invoke(problem);

    internal void Remark(string remark) => (Remarks ?? Problems)?.Invoke(remark);
}
