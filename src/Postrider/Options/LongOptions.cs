using Postrider.Mta.Hosting;

namespace Postrider.Cli.Options;

/// <summary>Command lines of our own applets: <c>--name value</c>, <c>--name=value</c>, flags, short names that stand for long ones, operands.</summary>
internal sealed class LongOptions
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly List<string> operands = [];

    private LongOptions()
    {
    }

    public IReadOnlyList<string> Operands => operands;

    /// <param name="usage">What to say when the command line is wrong.</param>
    /// <param name="withValue">Names that take a value, with dashes: <c>--file</c>, <c>-C</c>.</param>
    /// <param name="flags">Names that take none.</param>
    /// <exception cref="UsageException">An unknown name, or a value that is missing.</exception>
    public static LongOptions Parse(IReadOnlyList<string> arguments, string usage, string[] withValue, string[] flags)
    {
        LongOptions options = new();
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

            int equals = word.StartsWith("--", StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
            string name = equals < 0 ? word : word[..equals];
            string? attached = equals < 0 ? null : word[(equals + 1)..];
            if (attached is null && !word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2 && withValue.Contains(word[..2], StringComparer.Ordinal))
            {
                name = word[..2];
                attached = word[2..];
            }

            if (flags.Contains(name, StringComparer.Ordinal) && attached is null) options.values[name] = "";
            else if (withValue.Contains(name, StringComparer.Ordinal))
            {
                options.values[name] = attached ?? (i + 1 < arguments.Count ? arguments[++i] : throw new UsageException($"{name} wants a value\nusage: {usage}"));
            }
            else
            {
                throw new UsageException($"unknown option {word}\nusage: {usage}", SysExit.Usage);
            }
        }

        return options;
    }

    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>Null: not given.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);
}
