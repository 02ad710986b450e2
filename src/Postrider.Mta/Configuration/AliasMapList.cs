namespace Postrider.Mta.Configuration;

/// <summary>The value of AliasFile cut into its maps: at commas, outside quotes.</summary>
internal static class AliasMapList
{
    public static IEnumerable<string> Cut(string value)
    {
        bool quoted = false;
        int from = 0;
        for (int i = 0; i <= value.Length; i++)
        {
            if (i < value.Length && value[i] == '"') quoted = !quoted;
            if (i < value.Length && (value[i] != ',' || quoted)) continue;
            string one = value[from..i].Trim();
            if (one.Length >= 2 && one[0] == '"' && one[^1] == '"') one = one[1..^1].Trim();
            if (one.Length > 0) yield return one;
            from = i + 1;
        }
    }
}
