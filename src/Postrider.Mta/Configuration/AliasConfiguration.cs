using System.Collections.Immutable;

namespace Postrider.Mta.Configuration;

/// <summary>What the site says about aliases. Defaults are those of sendmail 8.17.</summary>
public sealed record AliasConfiguration
{
    /// <summary>AliasFile: maps in the order they are asked, each as <c>type:file</c>, <c>type -flags file</c> or a file alone. Empty: no aliases.</summary>
    public ImmutableArray<string> Maps { get; init; } = [];

    /// <summary>MaxAliasRecursion.</summary>
    public int MaxDepth { get; init; } = 10;

    /// <summary>MeToo.</summary>
    public bool MeToo { get; init; } = true;

    /// <summary>FEATURE(redirect), in a file of our own.</summary>
    public bool HasRedirect { get; init; }
}
