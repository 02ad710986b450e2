using System.Text;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>Map types that read a file.</summary>
public static class FileMapTypes
{
    public static IEnumerable<KeyValuePair<string, MapFactory>> Rows { get; } =
    [
        new("text", Text),
    ];

    /// <summary><c>text</c>: read whole when the site is bound.</summary>
    private static IMap Text(CfMap line, MapSpec spec, MapServices services)
    {
        if (spec.Argument.Length == 0) throw new FormatException($"map {line.Name}: no file name");
        string path = Path.GetFullPath(spec.Argument, services.BaseDirectory);
        try
        {
            return TextMap.Parse(File.ReadAllText(path, Encoding.Latin1), spec.Flags);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (spec.Flags.Optional && e is FileNotFoundException or DirectoryNotFoundException) return TextMap.Parse("", spec.Flags);
            services.Problem($"map {line.Name}: {path}: {e.Message}");
            return new UnavailableMap($"map {line.Name}: {path} cannot be read");
        }
    }
}
