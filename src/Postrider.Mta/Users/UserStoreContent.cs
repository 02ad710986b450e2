using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Postrider.Smtp.Sasl;

namespace Postrider.Mta.Users;

/// <summary>One reading of a user store.</summary>
internal sealed record UserStoreContent
{
    /// <summary>What an entry of ours costs to check: 4 ms on the machine it was chosen on, a thousand times what it costs to ask for it. RFC 7677 §4 wants at least 4096.</summary>
    public const int DefaultIterations = 16384;

    // For a file without a decoy line. One for the process: two readings must not differ.
    private static readonly byte[] ProcessSecret = RandomNumberGenerator.GetBytes(32);

    public required FrozenDictionary<string, ScramKeys> Users { get; init; }

    /// <summary>Users with a damaged line, or with two: they are told to come back later, not that their password is wrong.</summary>
    public required FrozenSet<string> Damaged { get; init; }

    public required ImmutableArray<string> Diagnostics { get; init; }

    public required ScramDecoy Decoy { get; init; }

    /// <summary>What decoys claim: the count that most entries have.</summary>
    public required int TypicalIterations { get; init; }

    public static UserStoreContent Parse(string path, IReadOnlyList<string> lines)
    {
        Dictionary<string, ScramKeys> users = new(StringComparer.Ordinal);
        HashSet<string> damaged = new(StringComparer.Ordinal);
        List<string> diagnostics = [];
        byte[]? secret = null;
        for (int i = 0; i < lines.Count; i++)
        {
            secret ??= UserStoreText.DecoyOf(lines[i]);
            if (UserStoreText.NameOf(lines[i]) is not { } written) continue;
            void Report(string what) => diagnostics.Add($"{path}({i + 1}): {what}");
            if (UserStoreText.FoldName(written) is not { } name)
            {
                Report("not a user name");
                continue;
            }

            ScramKeys? keys = UserStoreText.KeysOf(lines[i], out string? problem);
            if (keys is null) Report($"user {name}: {problem}; mend with: postrider passwd {name}");
            else if (!users.TryAdd(name, keys)) Report($"user {name}: stands here a second time; remove one of the lines");
            else continue;
            damaged.Add(name);
        }

        foreach (string name in damaged) users.Remove(name);
        return new UserStoreContent
        {
            Users = users.ToFrozenDictionary(StringComparer.Ordinal),
            Damaged = damaged.ToFrozenSet(StringComparer.Ordinal),
            Diagnostics = [.. diagnostics],
            Decoy = new ScramDecoy(secret ?? ProcessSecret),
            TypicalIterations = users.Count == 0 ? DefaultIterations : users.Values.CountBy(k => k.Iterations).MaxBy(c => c.Value).Key,
        };
    }
}
