using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>syslog</c>: writes the key into the mail log and answers with nothing. Thread-safe.</summary>
/// <param name="severity"><c>-L</c>, as syslog counts.</param>
internal sealed class SyslogMap(int severity, MapServices services) : IMap
{
    private static readonly string[] names = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    /// <summary>Reads <c>info</c> or <c>LOG_INFO</c>; null: no such severity. Empty is <c>info</c>.</summary>
    public static int? Severity(string text)
    {
        if (text.Length == 0) return 6;
        int at = Array.IndexOf(names, (text.StartsWith("LOG_", StringComparison.OrdinalIgnoreCase) ? text[4..] : text).ToLowerInvariant());
        return at < 0 ? null : at;
    }

    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        services.Log(severity, key);
        return new(MapResult.Found(""));
    }
}
