namespace Postrider.Sendmail.Mc.Library;

/// <summary>What the macros of an <c>.mc</c> have said, until it is written out.</summary>
internal sealed class McSite
{
    internal List<string> Versions { get; } = [];
    internal string? OperatingSystem { get; set; }
    internal List<(string Name, string Words)> Classes { get; } = [];
    internal List<(string Name, string File)> ClassFiles { get; } = [];
    internal string? MasqueradeAs { get; set; }
    internal List<string> DaemonOptions { get; } = [];
    internal List<string> ClientOptions { get; } = [];
    internal List<(string Name, IReadOnlyList<string> Arguments)> Features { get; } = [];
    internal List<string> Mailers { get; } = [];
    internal List<(string Name, string Equates, bool Active)> Milters { get; } = [];
    internal List<(string Name, string Equates)> QueueGroups { get; } = [];
    internal Dictionary<string, string> MailerFlags { get; } = new(StringComparer.Ordinal);

    internal bool HasFeature(string name) => Features.Any(feature => feature.Name == name);

    internal IReadOnlyList<string> FeatureArguments(string name) => Features.LastOrDefault(feature => feature.Name == name).Arguments ?? [];
}
