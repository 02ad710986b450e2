namespace Postrider.Sendmail.Maps;

/// <summary>
/// The text of an alias file: <c>name: addresses</c> on a line, lines that begin with a blank go on with the one before, <c>#</c> comments. Nothing is decided here about
/// what a name or an address means.
/// </summary>
/// <remarks>sendmail 8.17, oracle 85: the messages, with what stands before them left to the caller.</remarks>
public static class AliasText
{
    /// <summary>Every alias, in the order of the file; a name may come twice (in sendmail the last one counts).</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="problem">Line number, and sendmail's message for a line that is no alias; the others are still read.</param>
    public static IReadOnlyList<AliasEntry> Parse(string text, Action<int, string>? problem = null)
    {
        var entries = new List<AliasEntry>();
        string? pending = null;
        int first = 0;
        int last = 0;
        int number = 0;
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            // Nothing but a line feed ends a line: other ends of Unicode are octets of some name here.
            ReadOnlySpan<char> raw = text.AsSpan()[range].TrimEnd('\r');
            number++;
            if (raw.Length > 0 && raw[0] is ' ' or '\t')
            {
                // An empty line with a blank in it ends nothing and begins nothing.
                if (pending is not null) { (pending, last) = (pending + raw.ToString(), number); }
                else if (!raw.Trim().IsEmpty) { problem?.Invoke(number, "Non-continuation line starts with space"); }
                continue;
            }
            if (pending is not null) { Take(entries, pending, (first, last), problem); }
            pending = raw.IsEmpty || raw[0] == '#' ? null : raw.ToString();
            first = last = number;
        }
        if (pending is not null) { Take(entries, pending, (first, last), problem); }
        return entries;
    }

    private static void Take(List<AliasEntry> entries, string line, (int First, int Last) place, Action<int, string>? problem)
    {
        int colon = Colon(line);
        if (colon < 0)
        {
            problem?.Invoke(place.First, "missing colon");
            return;
        }
        string name = line[..colon].Trim();
        string value = line[(colon + 1)..].TrimStart(); // sendmail 8.17 keeps the blanks at its end
        if (name.Length == 0) { problem?.Invoke(place.First, $"{Shown(line)}... illegal alias name"); }
        else if (name[0] is '|' or '/') { problem?.Invoke(place.First, $"{name}... cannot alias non-local names"); }
        else if (value.Length == 0) { problem?.Invoke(place.First, $"{Shown(line)}... missing value for alias"); }
        else { entries.Add(new AliasEntry(place.First, name, value) { LastLine = place.Last }); }
    }

    private static string Shown(string line) => line.Length > 40 ? line[..40] : line.TrimEnd();

    private static int Colon(string line)
    {
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\') { i++; }
            else if (line[i] == '"') { quoted = !quoted; }
            else if (line[i] == ':' && !quoted) { return i; }
        }
        return -1;
    }
}
