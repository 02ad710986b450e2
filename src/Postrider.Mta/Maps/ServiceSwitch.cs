using System.Collections.Frozen;

namespace Postrider.Mta.Maps;

/// <summary>What <c>ServiceSwitchFile</c> says: for <c>hosts</c>, <c>passwd</c> and <c>aliases</c> where to look, in order. Immutable.</summary>
/// <remarks>A line is a service and its sources between blanks, without a colon. sendmail 8.17 without that file, measured: hosts are looked up in <c>dns</c>, then in <c>files</c>.</remarks>
public sealed class ServiceSwitch
{
    /// <summary>Where sendmail looks for the file when the cf does not say.</summary>
    public const string DefaultPath = "/etc/mail/service.switch";

    private static readonly Dictionary<string, IReadOnlyList<string>> defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["hosts"] = ["dns", "files"],
        ["passwd"] = ["files"],
        ["aliases"] = ["files"],
    };

    private readonly FrozenDictionary<string, IReadOnlyList<string>> sources;

    private ServiceSwitch(Dictionary<string, IReadOnlyList<string>> sources) => this.sources = sources.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static ServiceSwitch Parse(string text)
    {
        Dictionary<string, IReadOnlyList<string>> found = new(defaults, StringComparer.OrdinalIgnoreCase);
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1) found[words[0]] = words[1..];
        }

        return new ServiceSwitch(found);
    }

    /// <summary>The sources of a service; empty for one that nobody knows.</summary>
    public IReadOnlyList<string> this[string service] => sources.GetValueOrDefault(service, []);
}
