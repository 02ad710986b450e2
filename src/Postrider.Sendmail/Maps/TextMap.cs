using System.Globalization;

namespace Postrider.Sendmail.Maps;

/// <summary>
/// The <c>text</c> map: lines with columns. A snapshot of the file's text, so that a half-written file is never seen twice in different states; whoever owns
/// it makes a new one when the file changes. Thread-safe.
/// </summary>
/// <remarks>
/// <c>-k</c> key column and <c>-v</c> value column, both from 0 and 0 when not given (sendmail 8.17, asked: without <c>-v</c> the answer is the key's column); <c>-z</c> the delimiter character (<c>\t \n</c> are read; default
/// blanks and tabs, several counting as one). Lines that are empty or begin with <c>#</c> are skipped. A key that stands there twice has its first value, as in
/// sendmail's search from the top. A line that lacks a column is skipped.
/// </remarks>
public sealed class TextMap : IMap
{
    private readonly Dictionary<string, string> _entries;
    private readonly MapFlags _flags;

    private TextMap(Dictionary<string, string> entries, MapFlags flags)
    {
        _entries = entries;
        _flags = flags;
    }

    /// <summary>How many keys there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Every key with its value, substitutions not done.</summary>
    public IReadOnlyDictionary<string, string> Entries => _entries;

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="FormatException">A column flag is no number.</exception>
    public static TextMap Parse(string text, MapFlags flags)
    {
        int keyColumn = Column(flags.Value('k'));
        int valueColumn = Column(flags.Value('v'));
        char? delimiter = flags.Value('z') switch { null or "" => null, "\\t" => '\t', "\\n" => '\n', { } z => z[0] };
        var entries = new Dictionary<string, string>(flags.KeepCase ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.TrimEnd('\r');
            if (line.Length == 0 || line[0] == '#') { continue; }
            if (Cut(line, keyColumn, delimiter) is not { } key || Cut(line, valueColumn, delimiter) is not { } value) { continue; }
            entries.TryAdd(key, value);
        }
        return new TextMap(entries, flags);
    }

    /// <inheritdoc/>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        new(_entries.TryGetValue(key, out string? value) ? MapValue.Finish(_flags, value, key, arguments) : MapResult.NotFound);

    private static int Column(string? text) =>
        string.IsNullOrEmpty(text) ? 0 : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int column) ? column : throw new FormatException($"column {text} is no number");

    private static string? Cut(string line, int column, char? delimiter)
    {
        if (delimiter is { } single)
        {
            string[] parts = line.Split(single);
            return column < parts.Length ? parts[column].Trim(' ', '\t') : null;
        }
        int at = 0;
        for (int i = 0; ; i++)
        {
            while (at < line.Length && line[at] is ' ' or '\t') { at++; }
            if (at == line.Length) { return null; }
            int from = at;
            while (at < line.Length && line[at] is not (' ' or '\t')) { at++; }
            if (i == column) { return line[from..at]; }
        }
    }
}
