namespace Postrider.Cli.Options;

/// <summary>Command lines of sendmail's small tools, read as their getopt reads them: flags may be joined, and may stand behind operands.</summary>
internal sealed class PosixOptions
{
    private readonly List<(char Flag, string Value)> flags = [];
    private readonly List<string> operands = [];

    private PosixOptions()
    {
    }

    public IReadOnlyList<string> Operands => operands;

    /// <param name="name">Of the tool, as its messages begin.</param>
    /// <param name="letters">Flags; one with a colon behind it takes a value.</param>
    /// <param name="usage">Said when the command line is wrong.</param>
    /// <exception cref="UsageException">An unknown flag, or a value that is missing.</exception>
    public static PosixOptions Parse(string name, IReadOnlyList<string> arguments, string letters, string usage)
    {
        PosixOptions options = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string word = arguments[i];
            if (word == "--")
            {
                options.operands.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                options.operands.Add(word);
                continue;
            }

            for (int at = 1; at < word.Length; at++)
            {
                int known = word[at] == ':' ? -1 : letters.IndexOf(word[at], StringComparison.Ordinal);
                if (known < 0) throw new UsageException($"{name}: invalid option -- '{word[at]}'\n{usage}");
                if (known + 1 >= letters.Length || letters[known + 1] != ':')
                {
                    options.flags.Add((word[at], ""));
                    continue;
                }

                if (at + 1 == word.Length && i + 1 == arguments.Count) throw new UsageException($"{name}: option requires an argument -- '{word[at]}'\n{usage}");
                options.flags.Add((word[at], at + 1 < word.Length ? word[(at + 1)..] : arguments[++i]));
                break;
            }
        }

        return options;
    }

    public bool Has(char flag) => flags.Exists(one => one.Flag == flag);

    /// <summary>The last value that was given; null: none.</summary>
    public string? Value(char flag) => flags.FindLast(one => one.Flag == flag) is { Flag: not '\0' } found ? found.Value : null;
}
