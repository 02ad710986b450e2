using System.Text;

namespace Postrider.Sendmail.Mc;

/// <summary>Files of the machine: a name is tried as it stands (against the base directory), then in each include directory, in order.</summary>
/// <param name="baseDirectory">Directory for relative names: m4's working directory.</param>
/// <param name="includeDirectories">What <c>-I</c> names, in order.</param>
/// <param name="maxFileOctets">Files above this size are treated as unreadable. Default 16 MiB.</param>
public sealed class M4Disk(string baseDirectory, IReadOnlyList<string> includeDirectories, long maxFileOctets = 16 << 20) : IM4Files
{
    /// <inheritdoc/>
    public M4Source? Open(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal)) { return null; }
        if (Read(Path.Combine(baseDirectory, name)) is { } direct) { return new M4Source(name, direct); }
        if (Path.IsPathRooted(name)) { return null; }
        foreach (string directory in includeDirectories)
        {
            string path = Path.Combine(directory, name);
            if (Read(Path.Combine(baseDirectory, path)) is { } text) { return new M4Source(path, text); }
        }
        return null;
    }

    private string? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            // Only regular files: opening a FIFO would wait for ever, a device might never end.
            if (!file.Exists || file.Length > maxFileOctets || (file.Attributes & FileAttributes.Device) != 0) { return null; }
            return File.ReadAllText(path, Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
    }
}
