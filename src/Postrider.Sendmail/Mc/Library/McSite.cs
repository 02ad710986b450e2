namespace Postrider.Sendmail.Mc.Library;

/// <summary>What the macros of an <c>.mc</c> have said, until it is written out.</summary>
internal sealed class McSite
{
    internal List<string> Versions { get; } = [];
    internal string? OperatingSystem { get; set; }
    internal List<(string Name, string Words, M4Place Place)> Classes { get; } = [];
    internal List<(string Name, string File, M4Place Place)> ClassFiles { get; } = [];
    internal string? MasqueradeAs { get; set; }
    internal M4Place MasqueradePlace { get; set; }
    internal List<(string Text, M4Place Place)> DaemonOptions { get; } = [];
    internal List<(string Text, M4Place Place)> ClientOptions { get; } = [];
    internal List<(string Name, IReadOnlyList<string> Arguments, M4Place Place)> Features { get; } = [];
    internal List<(string Name, M4Place Place)> Mailers { get; } = [];
    internal List<(string Name, string Equates, bool Active, M4Place Place)> Milters { get; } = [];
    internal List<(string Name, string Equates, M4Place Place)> QueueGroups { get; } = [];
    internal Dictionary<string, string> MailerFlags { get; } = new(StringComparer.Ordinal);

    internal bool HasFeature(string name) => Features.Any(feature => feature.Name == name);

    internal IReadOnlyList<string> FeatureArguments(string name) => Features.LastOrDefault(feature => feature.Name == name).Arguments ?? [];
}
