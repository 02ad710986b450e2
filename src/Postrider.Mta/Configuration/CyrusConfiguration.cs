using System.Collections.Immutable;

namespace Postrider.Mta.Configuration;

/// <summary>What <c>Sendmail.conf</c> tells Cyrus SASL about a server called Sendmail: as much of it as says who the users are. A file that is not there says nothing.</summary>
/// <remarks>sendmail 8.17 (Debian 12), watched: the first of <see cref="Places"/> that exists counts, the others are not read.</remarks>
public sealed record CyrusConfiguration
{
    public const string DefaultDatabase = "/etc/sasldb2";

    /// <summary>Where it is looked for, in this order.</summary>
    public static ImmutableArray<string> Places { get; } =
    [
        "/etc/sasl2/Sendmail.conf", "/etc/sasl/Sendmail.conf", "/usr/lib/x86_64-linux-gnu/sasl2/Sendmail.conf", "/usr/lib/aarch64-linux-gnu/sasl2/Sendmail.conf", "/usr/lib/sasl2/Sendmail.conf",
    ];

    /// <summary><c>mech_list</c>; empty: every mechanism.</summary>
    public ImmutableArray<string> Mechanisms { get; init; } = [];

    /// <summary><c>sasldb_path</c>.</summary>
    public string Database { get; init; } = DefaultDatabase;

    /// <summary><c>pwcheck_method</c> names <c>auxprop</c>, or is not said: PLAIN and LOGIN ask the database.</summary>
    public bool ChecksPasswords { get; init; } = true;

    /// <summary><c>auxprop_plugin</c> names <c>sasldb</c>, or is not said.</summary>
    public bool UsesDatabase { get; init; } = true;

    /// <summary>What is asked for and not served, each with what follows from it.</summary>
    public ImmutableArray<string> Unserved { get; init; } = [];

    /// <summary>The file that was read; null: there was none.</summary>
    public string? File { get; init; }

    /// <param name="readText">The text of a file; null: there is none.</param>
    public static CyrusConfiguration Find(Func<string, string?> readText)
    {
        foreach (string place in Places)
        {
            if (readText(place) is { } text) return Parse(text) with { File = place };
        }

        return new CyrusConfiguration();
    }

    /// <summary>Reads lines <c>key: value</c>; <c>#</c> begins a comment line.</summary>
    public static CyrusConfiguration Parse(string text)
    {
        CyrusConfiguration found = new();
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.TrimStart().StartsWith('#')) continue;
            string value = line[(colon + 1)..].Trim();
            string[] words = value.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
            found = line[..colon].Trim().ToLowerInvariant() switch
            {
                "mech_list" => found with { Mechanisms = [.. words] },
                "sasldb_path" when Path.IsPathRooted(value) => found with { Database = value },
                "sasldb_path" => found.Without($"sasldb_path {value}: not a whole path; {DefaultDatabase} is used"),
                "pwcheck_method" when words.Length == 0 || words.Contains("auxprop", StringComparer.OrdinalIgnoreCase) => found,
                "pwcheck_method" => found.Without($"pwcheck_method {value} is not served yet: PLAIN and LOGIN are not offered") with { ChecksPasswords = false },
                "auxprop_plugin" when words.Length == 0 || words.Contains("sasldb", StringComparer.OrdinalIgnoreCase) => found,
                "auxprop_plugin" => found.Without($"auxprop_plugin {value} is not served yet: AUTH is not offered") with { UsesDatabase = false },
                _ => found, // log_level and the like, and what belongs to other plug-ins
            };
        }

        return found;
    }

    private CyrusConfiguration Without(string what) => this with { Unserved = Unserved.Add(what) };
}
