using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Postrider.Sendmail.Maps;

/// <summary>Opens a file that others write in place under a lock, as sendmail's makemap does.</summary>
internal static partial class SharedRead
{
    private const int Unlock = 8;

    /// <summary>
    /// Refuses a file that somebody is writing just now; then holds no lock, so that a writer that comes later never waits for a reader that lives as long as the daemon.
    /// </summary>
    /// <exception cref="MapFileException">It is missing, may not be read, or is being written.</exception>
    public static SafeFileHandle Open(string path)
    {
        try
        {
            // On Linux FileShare.Read takes flock's shared lock at once or fails: the same lock that makemap holds exclusively while it writes.
            SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
            _ = Flock(file, Unlock);
            return file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MapFileException($"{path}: No such file or directory", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new MapFileException($"{path}: {e.Message}", e);
        }
    }

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int Flock(SafeFileHandle file, int operation);
}
