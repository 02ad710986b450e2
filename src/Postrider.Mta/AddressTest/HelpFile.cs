using System.Text;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.AddressTest;

/// <summary>A site's HelpFile: lines <c>topic TAB text</c>; macros in them are put in when its head says <c>#vers 2</c> or more.</summary>
internal static class HelpFile
{
    private const int MaxOctets = 1 << 20;

    /// <summary>The lines of a topic, and sendmail's line behind the last; null if there is no such file or topic.</summary>
    public static string? Read(string? path, string topic, IMacroSource macros)
    {
        if (string.IsNullOrEmpty(path)) return null;
        string text;
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > MaxOctets) return null;
            text = File.ReadAllText(path, Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        bool expands = text.StartsWith("#vers", StringComparison.Ordinal);
        string[] lines = [.. text.Split('\n').Where(line => line.StartsWith(topic + "\t", StringComparison.Ordinal)).Select(line => line[(topic.Length + 1)..].TrimEnd('\r'))];
        return lines.Length == 0 ? null : string.Concat(lines.Select(line => (expands ? MacroTemplate.Expand(MacroTemplate.Read(line), macros) : line) + "\n")) + "End of HELP info\n";
    }
}
