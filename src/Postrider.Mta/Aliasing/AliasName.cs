using System.Text;

namespace Postrider.Mta.Aliasing;

/// <summary>The name of an alias as its database has it.</summary>
/// <remarks>sendmail 8.17, oracle 85 and asked: comments go, an address of ours loses its domain, a blank becomes a dot, quotes stay, letters are folded.</remarks>
public static class AliasName
{
    public const string NotLocal = "cannot alias non-local names";

    /// <param name="written">As it stands in the file.</param>
    /// <param name="isLocal">Whether mail for a domain is ours.</param>
    /// <param name="problem">What is wrong with it, in sendmail's words; null: nothing.</param>
    /// <returns>Null: it is no name of an alias.</returns>
    public static string? Read(string written, Func<string, bool> isLocal, out string? problem)
    {
        string name = AliasList.Parse(written) is [{ } only] ? only.Address : written.Trim();
        int at = LastAt(name);
        if (at >= 0 && isLocal(name[(at + 1)..])) name = name[..at];
        else if (at >= 0)
        {
            problem = NotLocal;
            return null;
        }

        problem = name.Length == 0 ? "illegal alias name" : ControlledAddress.Bare(name) is ['|' or '/', ..] ? NotLocal : null;
        return problem is null ? Folded(name) : null;
    }

    /// <summary>Where the domain begins; a sign in quotes is none.</summary>
    private static int LastAt(string name)
    {
        int found = -1;
        bool isQuoted = false;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '\\') i++;
            else if (name[i] == '"') isQuoted = !isQuoted;
            else if (name[i] == '@' && !isQuoted) found = i;
        }

        return found;
    }

    private static string Folded(string name)
    {
        StringBuilder folded = new(name.Length);
        bool isQuoted = false;
        foreach (char c in name)
        {
            if (c == '"') isQuoted = !isQuoted;
            folded.Append(char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c is ' ' or '\t' && !isQuoted ? '.' : c);
        }

        return folded.ToString();
    }
}
