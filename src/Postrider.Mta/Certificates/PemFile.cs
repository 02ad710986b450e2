using System.Text;

namespace Postrider.Mta.Certificates;

/// <summary>Writes PEM files with the modes that the readers insist on.</summary>
internal static class PemFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Directory755 = OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes the directory too, 0755 (what is secret in it is so by its own mode). The file never exists with a wider mode, nor half written under its name when it replaces another.</summary>
    public static void Write(string path, string text, bool secret, bool replace)
    {
        string full = Path.GetFullPath(path);
        string directory = Path.GetDirectoryName(full) ?? throw new IOException($"{path}: not a file name");
        if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, Directory755);
        string target = replace ? Path.Combine(directory, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}") : full;
        // CreateNew is O_EXCL: it follows no link that somebody put there.
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = secret ? OwnerOnly : Public };
        try
        {
            using (FileStream stream = new(target, options))
            {
                stream.Write(Encoding.ASCII.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            if (replace) File.Move(target, full, overwrite: true);
        }
        catch when (replace)
        {
            File.Delete(target);
            throw;
        }
    }
}
