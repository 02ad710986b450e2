namespace Postrider.Sendmail.Maps;

/// <summary>The flags that stand before the arguments of a map.</summary>
/// <param name="values">Each flag letter with its value; empty for a flag that takes none.</param>
public sealed class MapFlags(IReadOnlyDictionary<char, string> values)
{
    /// <summary>No flags at all.</summary>
    public static MapFlags None { get; } = new(new Dictionary<char, string>());

    /// <summary>Whether the flag was given.</summary>
    public bool Has(char flag) => values.ContainsKey(flag);

    /// <summary>The flag's value, or null if it was not given.</summary>
    public string? Value(char flag) => values.GetValueOrDefault(flag);

    /// <summary><c>-o</c>: an absent source is an empty map, not an error.</summary>
    public bool Optional => Has('o');

    /// <summary><c>-f</c>: keys are not folded to lower case.</summary>
    public bool KeepCase => Has('f');

    /// <summary><c>-m</c>: the answer is the key, not the value.</summary>
    public bool MatchOnly => Has('m');

    /// <summary><c>-t</c>: a temporary failure counts as not found.</summary>
    public bool IgnoreTempFail => Has('t');

    /// <summary><c>-a</c>: appended to every value that is found.</summary>
    public string Append => Value('a') ?? "";
}
