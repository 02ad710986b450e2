namespace Postrider.Sendmail.Rewriting;

/// <summary>Classes in memory. Filled first, then read from any thread.</summary>
public sealed class ClassTable : IClassSource
{
    private readonly Dictionary<string, Words> _classes = new(StringComparer.Ordinal);

    /// <summary>Adds a word; one that is there already, in whatever case, stays as it was.</summary>
    public void Add(string name, string word)
    {
        if (!_classes.TryGetValue(name, out Words? words)) { _classes.Add(name, words = new Words()); }
        words.Set.Add(word);
        words.Longest = Math.Max(words.Longest, word.Length);
    }

    /// <inheritdoc/>
    public bool Contains(string name, ReadOnlySpan<char> word) => _classes.TryGetValue(name, out Words? words) && words.ByChars.Contains(word);

    /// <inheritdoc/>
    public int LongestWord(string name) => _classes.TryGetValue(name, out Words? words) ? words.Longest : 0;

    /// <inheritdoc/>
    IEnumerable<string> IClassSource.Words(string name) => _classes.TryGetValue(name, out Words? words) ? words.Set : [];

    private sealed class Words
    {
        internal Words() => ByChars = Set.GetAlternateLookup<ReadOnlySpan<char>>();

        internal HashSet<string> Set { get; } = new(StringComparer.OrdinalIgnoreCase);

        internal HashSet<string>.AlternateLookup<ReadOnlySpan<char>> ByChars { get; }

        internal int Longest { get; set; }
    }
}
