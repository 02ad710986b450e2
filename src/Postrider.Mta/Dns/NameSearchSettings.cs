namespace Postrider.Mta.Dns;

/// <summary>What <c>ResolverOptions</c> says about names.</summary>
public sealed record NameSearchSettings
{
    /// <summary><c>DEFNAMES</c>: a name without dots gets the first domain. Default true, as resolver(3).</summary>
    public bool DefaultNames { get; init; } = true;

    /// <summary><c>DNSRCH</c>: all domains of the list are tried. Default true, as resolver(3).</summary>
    public bool Search { get; init; } = true;

    /// <summary><c>HasWildcardMX</c>: that a completed name has an MX says nothing. Default false.</summary>
    public bool HasWildcardMx { get; init; }

    /// <summary>Reads <c>+AAONLY -DNSRCH HasWildcardMX</c>; words that are not about names are left to others.</summary>
    public static NameSearchSettings Parse(string? options)
    {
        NameSearchSettings settings = new();
        foreach (string word in (options ?? "").Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            bool on = word[0] != '-';
            switch (word.TrimStart('+', '-').ToUpperInvariant())
            {
                case "DEFNAMES": settings = settings with { DefaultNames = on }; break;
                case "DNSRCH": settings = settings with { Search = on }; break;
                case "HASWILDCARDMX": settings = settings with { HasWildcardMx = on }; break;
            }
        }

        return settings;
    }
}
