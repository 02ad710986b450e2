namespace Postrider.Sendmail;

/// <summary>Finds the name that was probably meant: the "did you mean" of every table of names in the house.</summary>
public static class NameSuggestion
{
    /// <summary>The known name nearest to <paramref name="written"/>, or null if none is near enough to be a misspelling.</summary>
    /// <remarks>Edit distance with transpositions, letters compared without case; near enough is a third of the length, at most three edits.</remarks>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        string? best = null;
        int limit = Math.Clamp(written.Length / 3, 1, 3) + 1;
        foreach (string candidate in known)
        {
            if (Math.Abs(candidate.Length - written.Length) >= limit) { continue; }
            int distance = Distance(written, candidate);
            if (distance < limit) { limit = distance; best = candidate; }
        }
        return best;
    }

    /// <summary>The remedy text <c>did you mean `name'?</c>, or null.</summary>
    public static string? Remedy(string written, IEnumerable<string> known) =>
        Nearest(written, known) is { } name ? $"did you mean `{name}'?" : null;

    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) { d[i, 0] = i; }
        for (int j = 0; j <= b.Length; j++) { d[0, j] = j; }
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                int least = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) { least = Math.Min(least, d[i - 2, j - 2] + 1); }
                d[i, j] = least;
            }
        }
        return d[a.Length, b.Length];
    }

    private static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
}
