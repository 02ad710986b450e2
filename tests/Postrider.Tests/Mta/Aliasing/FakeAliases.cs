using Postrider.Sendmail.Maps;

namespace Postrider.Tests.Mta.Aliasing;

/// <summary>An alias file as a map.</summary>
internal sealed class FakeAliases : IMap
{
    private readonly Dictionary<string, string> entries = new(StringComparer.OrdinalIgnoreCase);

    public FakeAliases(string text)
    {
        foreach (AliasEntry entry in AliasText.Parse(text)) entries[entry.Name] = entry.Value;
    }

    /// <summary>Names that cannot be asked.</summary>
    public HashSet<string> Broken { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new(
        Broken.Contains(key) ? MapResult.TempFail("gone") : entries.TryGetValue(key, out string? value) ? MapResult.Found(value) : MapResult.NotFound);
}
