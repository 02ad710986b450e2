namespace Postrider.Cli.Applets;

/// <summary>The entries of a map that is being built, and which of them a new one meets.</summary>
internal sealed class MapEntries
{
    private readonly List<KeyValuePair<byte[], byte[]>> entries;
    private readonly bool replaces;
    private readonly bool repeats;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <param name="entries">Those that are there; changed in place.</param>
    /// <param name="replaces">-r: a key that is there gets the new value.</param>
    /// <param name="repeats">-d: it gets the new value besides.</param>
    public MapEntries(List<KeyValuePair<byte[], byte[]>> entries, bool replaces, bool repeats)
    {
        this.entries = entries;
        this.replaces = replaces;
        this.repeats = repeats;
        for (int i = 0; i < entries.Count; i++) places.TryAdd(Name(entries[i].Key), i);
    }

    /// <returns>False: the key is there already, and stays as it is.</returns>
    public bool Add(KeyValuePair<byte[], byte[]> entry)
    {
        if (places.TryAdd(Name(entry.Key), entries.Count) || repeats)
        {
            entries.Add(entry);
            return true;
        }

        if (!replaces) return false;
        entries[places[Name(entry.Key)]] = entry;
        return true;
    }

    private static string Name(byte[] key) => System.Text.Encoding.Latin1.GetString(key);
}
